namespace MnistLab.Training.EventLog;

/// <summary>Represents an image.</summary>
/// <param name="Tag">The name of the image.</param>
/// <param name="Step">The step.</param>
/// <param name="Time">The time at which it was written.</param>
/// <param name="Width">The width in pixels.</param>
/// <param name="Height">The height in pixels.</param>
/// <param name="Png">The bytes of a PNG file.</param>
public sealed record LoggedImage(
    string Tag,
    long Step,
    DateTimeOffset Time,
    int Width,
    int Height,
    ReadOnlyMemory<byte> Png) : LoggedValue(Tag, Step, Time);
