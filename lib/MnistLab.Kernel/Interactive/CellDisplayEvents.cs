using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;

namespace MnistLab.Kernel;

/// <summary>A value that a cell displayed, already formatted.</summary>
internal sealed class CellDisplayProduced(object? value, KernelCommand command, string displayId, MimeBundle data)
    : DisplayedValueProduced(value, command, CellMembers.FormattedValues(data), displayId)
{
    public MimeBundle Data => data;
}

/// <summary>A value that replaces a displayed one, already formatted.</summary>
internal sealed class CellDisplayUpdated(object? value, KernelCommand command, string displayId, MimeBundle data)
    : DisplayedValueUpdated(value, displayId, command, CellMembers.FormattedValues(data))
{
    public MimeBundle Data => data;
}
