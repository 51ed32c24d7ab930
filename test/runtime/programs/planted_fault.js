/** Loaded before a service: a fault of nobody's, at SIGUSR2 in a call, at SIGWINCH in a promise. */

const onSignal = (name, run) => ("Deno" in globalThis ? Deno.addSignalListener(name, run) : process.on(name, run));

onSignal("SIGUSR2", () => {
  throw new Error("planted in a call");
});
onSignal("SIGWINCH", () => void Promise.reject(new Error("planted in a promise")));
