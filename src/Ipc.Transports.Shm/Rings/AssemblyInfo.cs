using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Ipc.Transports.Rings.Tests")]
[assembly: InternalsVisibleTo("Ipc.Transports.Rings.Peer")]
