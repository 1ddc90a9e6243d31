/** Loaded with --require into each child: when the supervisor is gone, even by kill -9, the child stops in order. */
process.once('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
});
