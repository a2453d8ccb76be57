namespace Ipc.Transports.Rings;

/// <summary>Who maps a ring; decides which pages may be written.</summary>
internal enum RingRole
{
    /// <summary>Page 0, and page 2 between two readers.</summary>
    Supervisor,

    /// <summary>Page 1 and the data.</summary>
    Writer,

    /// <summary>Page 2.</summary>
    Reader,
}
