using Ipc.Fuzz;

// Fuzzes the parsers of what other processes write, guided by coverage:
//   Ipc.Fuzz <seconds for each target> <seed> <folder for what is found>
//   Ipc.Fuzz replay <target> <tape>
// It makes a copy of itself with the product's assemblies instrumented, and runs that; a tape that makes a target fail is written to the folder.
switch (args)
{
    case ["replay", var target, var tape] when File.Exists(tape):
        return Fuzzing.Replay(target, File.ReadAllBytes(tape));
    case [var seconds, var seed, var folder] when int.TryParse(seconds, out int time) && time > 0 && int.TryParse(seed, out int number):
        return InstrumentedCopy.IsThis ? Fuzzing.Run(TimeSpan.FromSeconds(time), number, folder) : InstrumentedCopy.Run(args);
    default:
        Console.Error.WriteLine("usage: Ipc.Fuzz <seconds for each target> <seed> <folder for what is found>, or Ipc.Fuzz replay <target> <tape>");
        return 2;
}
