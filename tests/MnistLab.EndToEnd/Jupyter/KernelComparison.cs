using Outputs = System.Collections.Generic.IReadOnlyList<MnistLab.EndToEnd.ShownOutput>;

namespace MnistLab.EndToEnd;

/// <summary>Compares the outputs of a notebook on this kernel and on .NET Interactive, cell by cell.</summary>
/// <param name="ofCells">
/// The functions that rewrite the outputs of .NET Interactive for cells whose outputs may differ, with reasons.
/// </param>
internal sealed class KernelComparison(IReadOnlyList<(string Reason, Func<Outputs, Outputs?> Apply)> ofCells)
{
    private readonly HashSet<string> _used = [];

    /// <summary>Gets the reasons for the allowed differences that occurred.</summary>
    public IReadOnlyCollection<string> Used => _used;

    /// <summary>Returns the differences that are not allowed, with their cells.</summary>
    public IReadOnlyList<string> Differences(ExecutedNotebook ours, ExecutedNotebook theirs)
    {
        Assert.Equal(ours.Cells.Select(cell => cell.Id), theirs.Cells.Select(cell => cell.Id));
        return [.. ours.Cells.Zip(theirs.Cells, Difference).OfType<string>()];
    }

    private string? Difference(ExecutedCell ours, ExecutedCell theirs)
    {
        var (mine, others) = (ours.Outputs, theirs.Outputs);
        foreach (var (reason, apply) in ofCells)
        {
            if (apply(others) is not { } applied) continue;
            others = applied;
            _used.Add(reason);
        }

        if (AllowedDifferences.Measured.TryGetValue(ours.Id, out var what))
        {
            mine = [.. mine.Select(output => output.WithoutNumbers())];
            others = [.. others.Select(output => output.WithoutNumbers())];
            _used.Add(what);
        }

        var isSame = mine.Count == others.Count && mine.Zip(others).All(pair => AreAlike(pair.First, pair.Second));
        return isSame
            ? null
            : $"{ours.Id}: {ours.Source}\nthis kernel:\n{Describe(mine)}\n.NET Interactive:\n{Describe(others)}";
    }

    private bool AreAlike(ShownOutput ours, ShownOutput theirs)
    {
        if (ours.Form == theirs.Form && ours.Text == theirs.Text) return true;
        var allowed = AllowedDifferences.OfOutputs.FirstOrDefault(difference => difference.Holds(ours, theirs));
        if (allowed.Reason is null) return false;
        _used.Add(allowed.Reason);
        return true;
    }

    private static string Describe(IEnumerable<ShownOutput> outputs) =>
        string.Concat(outputs.Select(output => $"{output.Form}\n{Start(output.Text)}\n"));

    private static string Start(string text) => text.Length > 600 ? $"{text[..600]}…" : text;
}
