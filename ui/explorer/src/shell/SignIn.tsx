/** Where the service asks for a token and none, or an unknown one, was sent. */
import { type FormEvent, useState } from 'react';
import { token } from '@/api/token';
import { Button } from '@/ui/Button';
import styles from './SignIn.module.css';

export function SignIn({ message, done }: { message: string; done: () => void }) {
  const [secret, setSecret] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    token.set(secret.trim());
    done();
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <h1>Asset lineage</h1>
      <label htmlFor="token">This service asks for a token that may read.</label>
      <input
        id="token"
        className={styles.input}
        type="password"
        autoComplete="off"
        value={secret}
        onChange={(event) => setSecret(event.target.value)}
      />
      {token.get() !== null && <p role="alert">{message}</p>}
      <Button kind="primary" type="submit" disabled={secret.trim() === ''}>
        Go on
      </Button>
      <p className={styles.note}>It stays in this tab, and is forgotten when the tab is closed.</p>
    </form>
  );
}
