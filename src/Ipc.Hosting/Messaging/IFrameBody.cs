using Ipc.Serialization;

namespace Ipc.Messaging;

/// <summary>Something that can be written as a frame's body. Implemented by structs, so that sending a value costs no box.</summary>
internal interface IFrameBody
{
    void Write(ref MessagePackWriter writer);
}
