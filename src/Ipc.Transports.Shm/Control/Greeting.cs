namespace Ipc.Transports.Control;

/// <summary>A worker's first message.</summary>
/// <param name="Self">Who it says it is.</param>
/// <param name="Secret">The launch secret.</param>
/// <param name="Actions">What it listens to.</param>
internal sealed record Greeting(PeerId Self, byte[] Secret, IReadOnlyList<string> Actions)
{
    /// <summary>Writes the message.</summary>
    public byte[] ToMessage()
    {
        ControlWriter writer = new ControlWriter(ControlMessageType.Hello)
            .UInt32(ControlProtocol.Magic).UInt16(ControlProtocol.Version).Peer(Self).Raw(Secret).UInt32((uint)Actions.Count);
        foreach (string action in Actions)
        {
            writer.Text(action);
        }

        return writer.ToMessage();
    }

    /// <summary>Reads the payload.</summary>
    /// <param name="payload">May be anything.</param>
    /// <param name="greeting">The greeting, when it is one.</param>
    /// <param name="error">Why it is none.</param>
    public static bool TryRead(ReadOnlySpan<byte> payload, out Greeting? greeting, out string error)
    {
        greeting = null;
        var reader = new ControlReader(payload);
        if (!reader.TryUInt32(out uint magic) || magic != ControlProtocol.Magic)
        {
            error = "it does not speak this protocol";
            return false;
        }

        if (!reader.TryUInt16(out ushort version) || version != ControlProtocol.Version)
        {
            error = $"it speaks version {version} of the control protocol, this process version {ControlProtocol.Version}: use one version of the library in all programs of the cluster";
            return false;
        }

        error = "its greeting is malformed";
        if (!reader.TryPeer(out PeerId self)
            || !reader.TryRaw(ControlProtocol.SecretSize, out ReadOnlySpan<byte> secret)
            || !reader.TryNonNegative(out int count) || count > reader.Remaining / 2)
        {
            return false;
        }

        var actions = new string[count];
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryText(out actions[i]) || (TopicSubscription.IsText(actions[i]) && !IsSubscriptionOfListener(actions[i])))
            {
                return false;
            }
        }

        if (!reader.IsAtEnd)
        {
            return false;
        }

        greeting = new Greeting(self, secret.ToArray(), actions);
        return true;
    }

    private static bool IsSubscriptionOfListener(string text) => TopicSubscription.TryParse(text, out TopicSubscription? subscription) && subscription.Number == 0;
}
