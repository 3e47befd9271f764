namespace MnistLab.Data.Images;

/// <summary>Represents the amount of ink at each pixel of a part of an image.</summary>
/// <param name="Values">The amounts, row after row: 0 for paper to 255 for full ink.</param>
/// <param name="Width">Pixels per row.</param>
/// <param name="Height">Number of rows.</param>
internal sealed record Ink(float[] Values, int Width, int Height);
