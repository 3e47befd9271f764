namespace MnistLab.Training.EventLog;

/// <summary>A picture.</summary>
/// <param name="Tag">Its name.</param>
/// <param name="Step">The step.</param>
/// <param name="Time">When it was written.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Png">The bytes of a PNG file.</param>
public sealed record LoggedImage(string Tag, long Step, DateTimeOffset Time, int Width, int Height, ReadOnlyMemory<byte> Png) : LoggedValue(Tag, Step, Time);
