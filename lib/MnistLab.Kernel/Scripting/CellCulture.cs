using System.Globalization;

namespace MnistLab.Kernel;

/// <summary>The cultures that a cell leaves to the next one.</summary>
internal sealed record CellCulture(CultureInfo Culture, CultureInfo UICulture)
{
    /// <summary>Gets the cultures of the calling code.</summary>
    public static CellCulture Current => new(CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);

    /// <summary>Sets them for the calling code and what it calls.</summary>
    public void Apply() => (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (Culture, UICulture);
}
