using System.Diagnostics;
using Ipc.Fuzz.Tests;
using Coverage = SharpFuzz.Common.Trace;

namespace Ipc.Fuzz;

/// <summary>Gives each of the tests' targets some time, guided, then as many runs that are not, and says what was reached.</summary>
internal static unsafe class Fuzzing
{
    // What the instrumentation counts in, for as long as the process lives: the targets' threads may still count when a run has ended.
    private static readonly byte[] Map = GC.AllocateArray<byte>(1 << 16, pinned: true);

    private static readonly (string Name, Action Start)[] Targets =
    [
        (nameof(ControlFuzzTests.A_greeting_is_read_or_refused_with_a_reason), new ControlFuzzTests().A_greeting_is_read_or_refused_with_a_reason),
        (nameof(ControlFuzzTests.A_directory_is_read_or_refused), new ControlFuzzTests().A_directory_is_read_or_refused),
        (nameof(ControlFuzzTests.A_lane_s_description_is_read_or_refused), new ControlFuzzTests().A_lane_s_description_is_read_or_refused),
        (nameof(FrameFuzzTests.A_frame_is_read_or_refused_and_nothing_lies_outside_of_it), new FrameFuzzTests().A_frame_is_read_or_refused_and_nothing_lies_outside_of_it),
        (nameof(MessagePackFuzzTests.Every_value_is_read_or_refused), new MessagePackFuzzTests().Every_value_is_read_or_refused),
        (nameof(MessagePackFuzzTests.What_was_written_and_bent_is_read_or_refused), new MessagePackFuzzTests().What_was_written_and_bent_is_read_or_refused),
        (nameof(RingFuzzTests.A_scribbled_ring_is_read_or_dropped), static () => WithRings(static tests => tests.A_scribbled_ring_is_read_or_dropped())),
        (nameof(RingFuzzTests.A_scribbled_ring_and_ledger_are_settled_by_the_post_mortem_and_read_or_dropped_by_the_successor),
            static () => WithRings(static tests => tests.A_scribbled_ring_and_ledger_are_settled_by_the_post_mortem_and_read_or_dropped_by_the_successor())),
    ];

    /// <summary>Runs them all.</summary>
    /// <param name="time">For each target.</param>
    /// <param name="seed">Of the chance.</param>
    /// <param name="folder">Where a tape goes that made a target fail.</param>
    /// <returns>The exit code: 1 when one failed.</returns>
    public static int Run(TimeSpan time, int seed, string folder)
    {
        Coverage.SharedMem = (byte*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(Map, 0);
        int failed = 0;
        foreach ((string name, Action start) in Targets)
        {
            failed += RunOne(name, start, time, seed, folder) ? 0 : 1;
        }

        Console.WriteLine(FormattableString.Invariant($"{Targets.Length} targets, seed {seed}, {failed} failed"));
        return failed == 0 ? 0 : 1;
    }

    /// <summary>Runs a target once, on a tape that was found.</summary>
    /// <returns>The exit code: 1 when it fails, 2 when there is no such target.</returns>
    public static int Replay(string name, byte[] tape)
    {
        if (Array.Find(Targets, target => target.Name == name).Start is not { } start)
        {
            Console.Error.WriteLine($"There is no target \"{name}\". The targets are: {string.Join(", ", Targets.Select(target => target.Name))}.");
            return 2;
        }

        Garbage.Feeder = target => target(new Garbage(new Tape(tape)));
        try
        {
            start();
            Console.WriteLine($"{name}: nothing went wrong.");
            return 0;
        }
        catch (Exception e)
        {
            Console.WriteLine($"{name}: FAILED: {e}");
            return 1;
        }
    }

    private static bool RunOne(string name, Action start, TimeSpan time, int seed, string folder)
    {
        var guided = new Guide(Map, seed);
        var blind = new Guide(Map, seed);
        Guide running = guided;
        Garbage.Feeder = target =>
        {
            long begin = Stopwatch.GetTimestamp();
            guided.Run(Reset(target), () => Stopwatch.GetElapsedTime(begin) < time);
            running = blind;
            blind.Run(Reset(target), () => blind.Runs < guided.Runs, isGuided: false);
        };
        try
        {
            start();
        }
        catch (Exception e)
        {
            string file = Path.Combine(folder, $"{name}.tape");
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(file, running.Current);
            Console.WriteLine($"{name}: FAILED: {e}\nAgain: dotnet run --project tests/Ipc.Fuzz -- replay {name} {file}");
            return false;
        }

        Console.WriteLine(FormattableString.Invariant($"{name}: {guided.Runs} runs, {guided.Edges} edges, {guided.Kept.Count} tapes kept; as many unguided runs: {blind.Edges} edges"));
        return true;
    }

    /// <summary>An edge is a branch and the one before it: before the first there is none.</summary>
    private static Action<Garbage> Reset(Action<Garbage> target) => garbage =>
    {
        Coverage.PrevLocation = 0;
        target(garbage);
    };

    private static void WithRings(Action<RingFuzzTests> run)
    {
        using var tests = new RingFuzzTests();
        run(tests);
    }
}
