namespace MnistLab.Data.Images;

/// <summary>Represents a rectangle of pixels; right and bottom are exclusive.</summary>
internal readonly record struct PixelBox(int Left, int Top, int Right, int Bottom)
{
    public int Width => Right - Left;

    public int Height => Bottom - Top;

    /// <summary>Gets the longer side.</summary>
    public int Size => Math.Max(Width, Height);

    public bool Contains(PixelBox other) =>
        Left <= other.Left && Top <= other.Top && Right >= other.Right && Bottom >= other.Bottom;

    public PixelBox Union(PixelBox other) => new(
        Math.Min(Left, other.Left),
        Math.Min(Top, other.Top),
        Math.Max(Right, other.Right),
        Math.Max(Bottom, other.Bottom));

    /// <summary>Returns the rectangle with a margin on every side, clipped to an image of the given size.</summary>
    public PixelBox Inflate(int margin, int width, int height) => new(
        Math.Max(0, Left - margin),
        Math.Max(0, Top - margin),
        Math.Min(width, Right + margin),
        Math.Min(height, Bottom + margin));
}
