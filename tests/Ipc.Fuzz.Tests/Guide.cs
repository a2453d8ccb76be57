using System.Numerics;

namespace Ipc.Fuzz.Tests;

/// <summary>
/// Lets coverage guide the chance: a tape on which the code went where it had not been is kept, and bent again. Where the code went it writes into a map, a count for
/// each branch that followed another one, as AFL's instrumentation does; counts of the same power of two are the same.
/// </summary>
/// <param name="map">The map.</param>
/// <param name="seed">Of the bending.</param>
/// <param name="longest">How many bytes a tape has, at most.</param>
internal sealed class Guide(Memory<byte> map, int seed, int longest = 4_096)
{
    private readonly Random _random = new(seed);
    private readonly List<byte[]> _kept = [];
    private readonly byte[] _seen = new byte[map.Length];

    /// <summary>How often the target ran.</summary>
    public long Runs { get; private set; }

    /// <summary>Branches that followed each other, in at least one run.</summary>
    public int Edges => _seen.Count(static counts => counts != 0);

    /// <summary>Tapes that led somewhere.</summary>
    public IReadOnlyList<byte[]> Kept => _kept;

    /// <summary>The tape that is running, or ran last: when the target has thrown, that one made it.</summary>
    public byte[] Current { get; private set; } = [];

    /// <summary>Runs the target again and again.</summary>
    /// <param name="target">Throws when something is wrong.</param>
    /// <param name="goesOn">Asked before each run.</param>
    /// <param name="isGuided">Whether tapes are kept and bent; otherwise each is a new one.</param>
    public void Run(Action<Garbage> target, Func<bool> goesOn, bool isGuided = true)
    {
        while (goesOn())
        {
            Current = isGuided && _kept.Count != 0 && _random.Next(20) != 0 ? Bend(_kept[_random.Next(4) == 0 ? ^1 : _random.Next(_kept.Count)]) : NewTape();
            var tape = new Tape(Current);
            map.Span.Clear();
            Runs++;
            target(new Garbage(tape));
            if (SeesMore())
            {
                _kept.Add(Current[..tape.Position]);
            }
        }
    }

    private byte[] NewTape()
    {
        byte[] tape = new byte[_random.Next(1, longest)];
        _random.NextBytes(tape);
        return tape;
    }

    private byte[] Bend(byte[] kept)
    {
        byte[] tape = kept;
        for (int i = _random.Next(2) == 0 ? 1 : 1 << _random.Next(5); i > 0; i--)
        {
            tape = BendOnce(tape);
        }

        return tape.Length <= longest ? tape : tape[..longest];
    }

    private byte[] BendOnce(byte[] tape)
    {
        if (tape.Length == 0)
        {
            return NewTape();
        }

        int at = _random.Next(tape.Length);
        byte[] bent;
        switch (_random.Next(6))
        {
            case 0:
                bent = [.. tape];
                bent[at] ^= (byte)(1 << _random.Next(8));
                return bent;

            case 1:
                bent = [.. tape];
                bent[at] = (byte)_random.Next(256);
                return bent;

            case 2:
                bent = [.. tape];
                bent[at] += (byte)_random.Next(-8, 9);
                return bent;

            case 3:
                return [.. tape[..at], .. tape[Math.Min(tape.Length, at + _random.Next(1, 9))..]];

            case 4:
                bent = new byte[_random.Next(1, 9)];
                _random.NextBytes(bent);
                at = _random.Next(tape.Length + 1); // also behind its end: a target that read zeros there gets more
                return [.. tape[..at], .. bent, .. tape[at..]];

            default:
                byte[] other = _kept[_random.Next(_kept.Count)];
                return [.. tape[..at], .. other[_random.Next(other.Length + 1)..]];
        }
    }

    private bool SeesMore()
    {
        bool any = false;
        ReadOnlySpan<byte> counts = map.Span;
        int at = 0;
        while (counts[at..].IndexOfAnyExcept((byte)0) is var next and >= 0)
        {
            at += next;
            byte power = (byte)(1 << BitOperations.Log2(counts[at]));
            any |= (_seen[at] & power) == 0;
            _seen[at] |= power;
            at++;
        }

        return any;
    }
}
