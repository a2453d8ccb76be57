using System.Diagnostics;
using System.Runtime.InteropServices;
using Ipc;
using Ipc.Codec.Benchmarks;
using Ipc.Serialization;

// A generated serializer against a hand-written loop over the same bytes. Both run in turn, so that a busy machine disturbs both;
// what counts is the third best of many short rounds: what the machine's other work added is not the codec's.
const int Calls = 50_000;
const int WarmUp = 60;
const int Rounds = 101;

var message = new Small(123_456, "hello wörld", 1_700_000_000_000, 3.14159);
byte[] buffer = new byte[256];
var output = new FixedOutput(buffer);
MessageSerializer<Small> serializer = MessageSerializer.Of<Small>();

byte[] bytes = buffer[..HandWritten.Write(buffer, message)];
Generate();
if (!bytes.AsSpan().SequenceEqual(buffer.AsSpan(0, output.Written)) || HandWritten.Read(bytes) != message)
{
    throw new InvalidOperationException("The two do not give the same bytes.");
}

double[] handWrite = new double[Rounds], ownWrite = new double[Rounds], handRead = new double[Rounds], ownRead = new double[Rounds];
for (int round = -WarmUp; round < Rounds; round++)
{
    double a = Time(() => HandWritten.Write(buffer, message));
    double b = Time(Generate);
    double c = Time(() => HandWritten.Read(bytes).Id);
    double d = Time(() =>
    {
        var reader = new MessagePackReader(bytes);
        return serializer.Read(ref reader).Id;
    });
    if (round >= 0)
    {
        (handWrite[round], ownWrite[round], handRead[round], ownRead[round]) = (a, b, c, d);
    }
}

(double hw, double ow, double hr, double or) = (ThirdBest(handWrite), ThirdBest(ownWrite), ThirdBest(handRead), ThirdBest(ownRead));
Console.WriteLine($"{bytes.Length} bytes (int, string, long, double); {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");
Console.WriteLine();
Console.WriteLine("| | hand-written | generated | ratio (goal: at most 1.3) |");
Console.WriteLine("|---|---|---|---|");
Console.WriteLine($"| write | {hw:F1} ns | {ow:F1} ns | {ow / hw:F2} |");
Console.WriteLine($"| read | {hr:F1} ns | {or:F1} ns | {or / hr:F2} |");
Console.WriteLine($"| both | {hw + hr:F1} ns | {ow + or:F1} ns | {(ow + or) / (hw + hr):F2} |");

int Generate()
{
    output.Reset();
    var writer = new MessagePackWriter(output);
    serializer.Write(ref writer, message);
    writer.Flush();
    return output.Written;
}

static double Time(Func<int> call)
{
    long start = Stopwatch.GetTimestamp();
    int sum = 0;
    for (int i = 0; i < Calls; i++)
    {
        sum += call();
    }

    GC.KeepAlive(sum);
    return Stopwatch.GetElapsedTime(start).TotalNanoseconds / Calls;
}

static double ThirdBest(double[] values)
{
    Array.Sort(values);
    return values[2];
}
