namespace MnistLab.Data.Images;

/// <summary>Represents how much ink is at each pixel of a part of an image.</summary>
/// <param name="Values">0 for paper to 255 for full ink, row after row.</param>
/// <param name="Width">Pixels per row.</param>
/// <param name="Height">Number of rows.</param>
internal sealed record Ink(float[] Values, int Width, int Height);
