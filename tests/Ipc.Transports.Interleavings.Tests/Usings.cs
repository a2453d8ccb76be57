// Outside of namespace Ipc.Transports.Rings, where the instrumented ones come first, these names mean what they always mean.
global using Futex = Ipc.Transports.Memory.Futex;
global using Interlocked = System.Threading.Interlocked;
global using Lock = System.Threading.Lock;
global using Monitor = System.Threading.Monitor;
global using SpinWait = System.Threading.SpinWait;
global using Thread = System.Threading.Thread;
global using Volatile = System.Threading.Volatile;
