using MnistLab.Kernel.Running;

namespace MnistLab.Studio.Notebooks;

/// <content>Sets parameters from a form.</content>
internal sealed partial class NotebookSession
{
    private const int KeptResults = 3;

    /// <summary>
    /// Sets a parameter, and runs its cell and the cells below that depend on it and have run before. Their results for
    /// the previous value stay visible beside the new ones.
    /// </summary>
    /// <param name="id">The ID of the cell tagged <c>parameters</c>.</param>
    /// <param name="name">The name of the parameter.</param>
    /// <param name="value">The value, in the form that the command line accepts.</param>
    /// <exception cref="NotebookParameterException">The value is not valid for the parameter.</exception>
    public async Task SetParameterAsync(string id, string name, string value)
    {
        if (Find(id) is not { } cell) return;
        var before = cell.Cell.Source;
        var source = NotebookParameters.WithValue(before, name, value);
        if (source == before) return;
        var earlier = string.Join(", ", NotebookParameters.In(before).Select(parameter => $"{parameter.Name} = {parameter.Default}"));
        Edit(id, source, null);
        var cells = Cells;
        var index = cells.ToList().IndexOf(cell);
        var dependents = CellNames.DependentsOf([.. cells.Select(other => other.IsCode ? other.Cell.Source : "")], index)
            .Select(other => cells[other])
            .Where(other => other is { RunSource: not null, State: RunState.Idle })
            .ToList();
        lock (Gate)
        {
            foreach (var dependent in dependents.Where(dependent => dependent.Outputs.Count > 0))
                dependent.Earlier = [new EarlierResult(earlier, [.. dependent.Outputs]), .. dependent.Earlier.Take(KeptResults - 1)];
        }

        await RunAsync([cell, .. dependents]);
    }
}
