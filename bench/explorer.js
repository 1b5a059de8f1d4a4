// Put into each page before its own scripts: says when something is to be seen, and how long frames take.
window.bench = {
  // Milliseconds since the navigation at which `found()` was first true and the browser had drawn that.
  when: (found) =>
    new Promise((resolve) => {
      const look = () => {
        if (found()) requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
        else requestAnimationFrame(look);
      };
      look();
    }),
  cards: () =>
    [...document.querySelectorAll('.react-flow__node:not(.react-flow__node-box)')].filter((node) => node.style.visibility !== 'hidden').length,
  // The next key or click, by the browser's own clock.
  next: (type) =>
    new Promise((resolve) => {
      addEventListener(type, (event) => resolve(event.timeStamp), { capture: true, once: true });
    }),
  // Milliseconds between frames, until `stop` is called.
  frames: () => {
    const times = [];
    let going = true;
    const each = (time) => {
      times.push(time);
      if (going) requestAnimationFrame(each);
    };
    requestAnimationFrame(each);
    return {
      stop: () => {
        going = false;
        return times.slice(1).map((time, index) => time - times[index]);
      },
    };
  },
};
