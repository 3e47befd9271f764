using System.Text.Json;
using MnistLab.Kernel.Documents;

namespace MnistLab.Studio.Notebooks;

/// <summary>Executes the commands of a notebook's keys and buttons.</summary>
internal static class NotebookCommands
{
    /// <summary>Executes a command.</summary>
    /// <param name="session">The notebook.</param>
    /// <param name="name">The name of the command, as in the page's script.</param>
    /// <param name="cell">The ID of the selected cell; null if there is none.</param>
    /// <param name="argument">The argument of the command, if it has one.</param>
    /// <returns>The cell to select; null to keep the selection.</returns>
    public static async Task<Selection?> RunAsync(NotebookSession session, string name, string? cell, JsonElement? argument)
    {
        switch (name)
        {
            case "run-all": Start(session, session.Cells); return null;
            case "interrupt": session.Interrupt(); return null;
            case "restart": await session.RestartAsync(); return null;
            case "restart-run-all":
                if (await session.RestartAsync()) Start(session, session.Cells);
                return null;
            case "save": session.Save(); return null;
            case "reset": session.Reset(); return null;
            case "undo-delete": return session.Restore() is { } restored ? new(restored) : null;
            case "clear-all": session.ClearOutputs(null); return null;
            case "append-code": return new(session.Insert(null, CellKind.Code), Edits: true);
            case "append-markdown": return new(session.Insert(null, CellKind.Markdown), Edits: true);
        }

        return cell is null ? null : RunOnCell(session, name, cell, argument);
    }

    private static Selection? RunOnCell(NotebookSession session, string name, string cell, JsonElement? argument)
    {
        var cells = session.Cells;
        var index = cells.ToList().FindIndex(state => state.Id == cell);
        if (index < 0) return null;
        switch (name)
        {
            case "run": Start(session, [cells[index]]); return null;
            case "run-advance":
                Start(session, [cells[index]]);
                return index + 1 < cells.Count ? new(cells[index + 1].Id) : new(session.Insert(null, CellKind.Code), Edits: true);
            case "run-insert":
                Start(session, [cells[index]]);
                return new(session.Insert(session.After(cell), CellKind.Code), Edits: true);
            case "run-above": Start(session, [.. cells.Take(index)]); return null;
            case "run-below": Start(session, [.. cells.Skip(index)]); return null;
            case "insert-above": return new(session.Insert(cell, CellKind.Code));
            case "insert-below": return new(session.Insert(session.After(cell), CellKind.Code));
            case "insert-text-below": return new(session.Insert(session.After(cell), CellKind.Markdown), Edits: true);
            case "paste":
                var kind = KindOf(argument?.GetProperty("kind").GetString());
                return new(session.Insert(session.After(cell), kind, argument?.GetProperty("source").GetString() ?? ""));
            case "delete": return session.Delete(cell) is { } next ? new(next) : null;
            case "move-up": session.Move(cell, -1); return new(cell);
            case "move-down": session.Move(cell, 1); return new(cell);
            case "split": return session.Split(cell, argument?.GetInt32() ?? 0) is { } second ? new(second, Edits: true) : null;
            case "merge": session.MergeWithNext(cell); return new(cell);
            case "to-code": session.ChangeKind(cell, CellKind.Code); return new(cell);
            case "to-markdown": session.ChangeKind(cell, CellKind.Markdown); return new(cell);
            case "clear": session.ClearOutputs(cell); return null;
            default: return null;
        }
    }

    private static CellKind KindOf(string? name) => name == "markdown" ? CellKind.Markdown : CellKind.Code;

    // Not awaited: the command ends immediately, and the page shows the cells as they run.
    private static void Start(NotebookSession session, IReadOnlyList<CellState> cells) => _ = session.RunAsync(cells);
}
