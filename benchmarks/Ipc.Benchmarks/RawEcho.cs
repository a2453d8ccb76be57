using System.Diagnostics;
using System.IO.Pipes;
using System.Net.Sockets;

namespace Ipc.Benchmarks;

/// <summary>The competitors: bytes over a named pipe or a Unix socket, echoed by another process, with nothing on top.</summary>
internal static class RawEcho
{
    private const int FrameSize = 256;

    public static async Task<Result> MeasureAsync(string row)
    {
        string address = row == "raw-uds" ? Path.Combine(Path.GetTempPath(), $"ipc-bench-{Environment.ProcessId}") : $"ipc-bench-{Environment.ProcessId}";
        string[] own = Environment.GetCommandLineArgs();
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(own[0]);
        }

        start.ArgumentList.Add("echo");
        start.ArgumentList.Add(row);
        start.ArgumentList.Add(address);
        using Process server = Process.Start(start)!;
        await server.StandardOutput.ReadLineAsync();
        await using Stream stream = await ConnectAsync(row, address);
        byte[] frame = new byte[FrameSize];
        Result result = await Measurement.RoundTripsAsync(row, async () =>
        {
            await stream.WriteAsync(frame);
            await stream.ReadExactlyAsync(frame);
        });
        await stream.DisposeAsync();
        await server.WaitForExitAsync();
        return result;
    }

    public static async Task ServeAsync(string row, string address)
    {
        if (row == "raw-uds")
        {
            using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(new UnixDomainSocketEndPoint(address));
            listener.Listen();
            Console.WriteLine("listening");
            using Socket client = await listener.AcceptAsync();
            await EchoAsync(new NetworkStream(client));
            File.Delete(address);
            return;
        }

        await using var pipe = new NamedPipeServerStream(
            address, PipeDirection.InOut, 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
        Console.WriteLine("listening");
        await pipe.WaitForConnectionAsync();
        await EchoAsync(pipe);
    }

    private static async Task<Stream> ConnectAsync(string row, string address)
    {
        if (row == "raw-uds")
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(address));
            return new NetworkStream(socket, ownsSocket: true);
        }

        var pipe = new NamedPipeClientStream(".", address, PipeDirection.InOut, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
        await pipe.ConnectAsync();
        return pipe;
    }

    private static async Task EchoAsync(Stream stream)
    {
        byte[] frame = new byte[FrameSize];
        while (await stream.ReadAtLeastAsync(frame, FrameSize, throwOnEndOfStream: false) == FrameSize)
        {
            await stream.WriteAsync(frame);
        }
    }
}
