using MnistLab.Data.Datasets;
using MnistLab.Data.Images;
using MnistLab.Hosting;

namespace MnistLab.Notebooks;

/// <summary>Digits side by side, each with a caption, for a notebook to show.</summary>
public sealed class DigitGrid
{
    private DigitGrid(IReadOnlyList<(DigitImage Image, string Caption)> digits, int columns) => (Digits, Columns) = (digits, columns);

    /// <summary>The pictures and what stands below them.</summary>
    public IReadOnlyList<(DigitImage Image, string Caption)> Digits { get; }

    /// <summary>How many stand in a row.</summary>
    public int Columns { get; }

    /// <summary>Digits of a set, with their labels below them.</summary>
    /// <param name="set">The set.</param>
    /// <param name="indices">Which digits, by their index.</param>
    /// <param name="columns">How many stand in a row, at least 1.</param>
    /// <param name="caption">What stands below the digit of an index; its label if null.</param>
    public static DigitGrid Of(DigitSet set, IEnumerable<int> indices, int columns = 10, Func<int, string>? caption = null)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(indices);
        NumberRange.RequireAtLeast(columns, 1);
        return new DigitGrid([.. indices.Select(i => (DigitImage.FromPixels(set.Image(i)), caption?.Invoke(i) ?? $"{set.Label(i)}"))], columns);
    }

    /// <summary>Pictures with captions of your own.</summary>
    public static DigitGrid Of(IEnumerable<(DigitImage Image, string Caption)> digits, int columns = 10) => new([.. digits], columns);

    /// <summary>The captions, row by row.</summary>
    public override string ToString() => string.Join(Environment.NewLine, Digits.Select(digit => digit.Caption).Chunk(Columns).Select(row => string.Join(' ', row)));
}
