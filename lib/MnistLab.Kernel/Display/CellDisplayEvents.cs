using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;
using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Display;

/// <summary>Represents the event that a cell displayed a value, which is already formatted.</summary>
internal sealed class CellDisplayProduced(object? value, KernelCommand command, string displayId, MimeBundle data)
    : DisplayedValueProduced(value, command, CellMembers.FormattedValues(data), displayId)
{
    public MimeBundle Data => data;
}

/// <summary>Represents the event that a cell replaced a displayed value; the new value is already formatted.</summary>
internal sealed class CellDisplayUpdated(object? value, KernelCommand command, string displayId, MimeBundle data)
    : DisplayedValueUpdated(value, displayId, command, CellMembers.FormattedValues(data))
{
    public MimeBundle Data => data;
}
