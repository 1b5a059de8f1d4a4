"""Complete uses of the service, each runnable from a checkout."""
