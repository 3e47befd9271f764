using System.Globalization;

namespace MnistLab.Kernel.Scripting;

/// <summary>Represents the cultures that a cell passes on to the next one.</summary>
internal sealed record CellCulture(CultureInfo Culture, CultureInfo UICulture)
{
    /// <summary>Gets the cultures of the calling code.</summary>
    public static CellCulture Current => new(CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);

    /// <summary>Sets the cultures of the current execution context.</summary>
    public void Apply() => (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (Culture, UICulture);
}
