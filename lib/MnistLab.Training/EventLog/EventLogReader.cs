using System.Buffers.Binary;
using Google.Protobuf;
using MnistLab.Training.Events;

namespace MnistLab.Training;

/// <summary>Reads the numbers of an event file, also while it is written: each call of <see cref="ReadScalars"/> gives those that are new.</summary>
/// <param name="path">The file.</param>
public sealed class EventLogReader(string path)
{
    private long _position;

    /// <summary>The numbers since the last call, in their order. An event that is not complete yet is left for the next call.</summary>
    /// <exception cref="InvalidDataException">An event is damaged; the message says at which byte of the file.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public IReadOnlyList<ScalarPoint> ReadScalars()
    {
        var points = new List<ScalarPoint>();
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> header = stackalloc byte[EventRecord.HeaderLength];
        while (true)
        {
            file.Position = _position;
            if (file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length) return points;
            var length = BinaryPrimitives.ReadUInt64LittleEndian(header);
            if (EventRecord.MaskedCrc(header[..8]) != BinaryPrimitives.ReadUInt32LittleEndian(header[8..]) || length > int.MaxValue / 2) throw Damaged("the length's checksum is wrong");
            if (file.Length - file.Position < (long)length + EventRecord.FooterLength) return points;
            var content = new byte[(int)length + EventRecord.FooterLength];
            file.ReadExactly(content);
            if (EventRecord.MaskedCrc(content.AsSpan(0, (int)length)) != BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan((int)length))) throw Damaged("its checksum is wrong");
            Add(points, content.AsSpan(0, (int)length));
            _position = file.Position;
        }
    }

    private void Add(List<ScalarPoint> points, ReadOnlySpan<byte> content)
    {
        Event happening;
        try
        {
            happening = Event.Parser.ParseFrom(content);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw Damaged(error.Message, error);
        }

        foreach (var value in happening.Summary?.Value ?? [])
        {
            if (value.ValueCase == Summary.Types.Value.ValueOneofCase.SimpleValue)
                points.Add(new ScalarPoint(value.Tag, happening.Step, DateTimeOffset.UnixEpoch.AddSeconds(happening.WallTime), value.SimpleValue));
        }
    }

    private InvalidDataException Damaged(string reason, Exception? cause = null) => new($"{path} is damaged: {reason}, in the event at byte {_position}. What comes before it was read.", cause);
}
