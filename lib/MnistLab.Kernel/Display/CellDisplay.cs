using Microsoft.DotNet.Interactive.Formatting;
using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Display;

/// <summary>Represents a displayed value, which later code can replace.</summary>
public sealed class CellDisplay : DisplayedValue
{
    internal CellDisplay(object? value, MimeBundle data, IReadOnlyList<string> mimeTypes)
        : base(value, CellMembers.FormattedValues(data)) => MimeTypes = mimeTypes;

    /// <summary>Gets the requested MIME types; empty for those that the value's formatters prefer.</summary>
    internal IReadOnlyList<string> MimeTypes { get; }

    /// <summary>Displays another value in place of this one, in the requested MIME types.</summary>
    /// <exception cref="InvalidOperationException">The calling code was not started by a cell.</exception>
    public new void Update(object? updatedValue) => CellMembers.Update(this, updatedValue);
}
