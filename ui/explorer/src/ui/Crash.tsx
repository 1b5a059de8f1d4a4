import { Component, type ReactNode } from 'react';
import { Button } from './Button';
import { Empty } from './Notice';

/** Catches a fault of the page itself, so that the rest of it stays usable. */
export class Crash extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state = { error: null };

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error };
  }

  override render(): ReactNode {
    const error: Error | null = this.state.error;
    if (error === null) return this.props.children;
    return (
      <Empty
        title="This view broke"
        actions={<Button onClick={() => window.location.reload()}>Load the page again</Button>}
      >
        <p>
          It is a fault of the page, not of your data: <code>{(error as Error).message}</code>
        </p>
      </Empty>
    );
  }
}
