using Ipc.Transports.Rings;
using Ipc.Transports.Rings.Peer;

// The second process of the ring tests. The first argument says what it does, the others are name=value.
AppContext.SetSwitch(KillPoints.Switch, args is ["read" or "write", ..]);
var arguments = new Arguments(args);
return args switch
{
    ["read", ..] => await ReadingPeer.RunAsync(arguments),
    ["write", ..] => await WritingPeer.RunAsync(arguments),
    ["scribble", ..] => ScribblingPeer.Run(arguments),
    ["echo", ..] => await EchoPeer.RunAsync(arguments),
    ["measure", ..] => await Measurement.RunAsync(arguments),
    _ => 64,
};
