using MnistLab.Kernel.Documents;

namespace MnistLab.Studio.Notebooks;

/// <content>Edits the cells.</content>
internal sealed partial class NotebookSession
{
    private readonly Stack<(int Index, CellState Cell)> _removed = [];

    /// <summary>
    /// Occurs when the text of a cell changes. The second argument is the page where it was typed, or null.
    /// </summary>
    public event Action<CellState, object?>? Edited;

    /// <summary>Gets whether a deleted cell can be restored.</summary>
    public bool CanRestore => _removed.Count > 0;

    /// <summary>Returns the cell with an ID; null if it does not exist.</summary>
    public CellState? Find(string id)
    {
        lock (Gate) return _cells.Find(cell => cell.Id == id);
    }

    /// <summary>Replaces the text of a cell.</summary>
    /// <param name="id">The ID of the cell.</param>
    /// <param name="source">The new text.</param>
    /// <param name="page">The page where it was typed; null if it was not typed.</param>
    public void Edit(string id, string source, object? page)
    {
        if (Find(id) is not { } cell) return;
        source = source.ReplaceLineEndings("\n");
        lock (Gate)
        {
            if (cell.Cell.Source == source) return;
            cell.Cell.SetSource(source);
        }

        Touch();
        cell.Notify();
        Edited?.Invoke(cell, page);
    }

    /// <summary>Inserts a cell before another one, or at the end.</summary>
    /// <returns>The ID of the new cell.</returns>
    public string Insert(string? beforeId, CellKind kind, string source = "")
    {
        CellState cell;
        lock (Gate)
        {
            var index = IndexOf(beforeId) is var found and >= 0 ? found : _cells.Count;
            cell = new CellState(_document.Insert(index, kind, source));
            _cells.Insert(index, cell);
        }

        ChangeStructure();
        return cell.Id;
    }

    /// <summary>Returns the ID of the next cell; null if there is none.</summary>
    public string? After(string id)
    {
        lock (Gate) return _cells.ElementAtOrDefault(IndexOf(id) + 1)?.Id;
    }

    /// <summary>Deletes a cell.</summary>
    /// <returns>The ID of the cell that takes its place, or of the last one; null if no cells are left.</returns>
    public string? Delete(string id)
    {
        string? next;
        lock (Gate)
        {
            var index = IndexOf(id);
            if (index < 0) return null;
            _removed.Push((index, _cells[index]));
            _document.Remove(_cells[index].Cell);
            _cells.RemoveAt(index);
            next = _cells.ElementAtOrDefault(Math.Min(index, _cells.Count - 1))?.Id;
        }

        ChangeStructure();
        return next;
    }

    /// <summary>Restores the cell that was deleted last.</summary>
    /// <returns>The ID of the cell; null if there is none.</returns>
    public string? Restore()
    {
        string id;
        lock (Gate)
        {
            if (!_removed.TryPop(out var removed)) return null;
            var index = Math.Min(removed.Index, _cells.Count);
            _document.Insert(index, removed.Cell.Cell);
            _cells.Insert(index, removed.Cell);
            id = removed.Cell.Id;
        }

        ChangeStructure();
        return id;
    }

    /// <summary>Moves a cell up (−1) or down (1).</summary>
    public void Move(string id, int step)
    {
        lock (Gate)
        {
            var (from, to) = (IndexOf(id), IndexOf(id) + step);
            if (from < 0 || to < 0 || to >= _cells.Count) return;
            var cell = _cells[from];
            _document.Remove(cell.Cell);
            _document.Insert(to, cell.Cell);
            _cells.RemoveAt(from);
            _cells.Insert(to, cell);
        }

        ChangeStructure();
    }

    /// <summary>Splits a cell in two.</summary>
    /// <param name="id">The ID of the cell, which keeps the text before the offset.</param>
    /// <param name="offset">The offset in UTF-16 code units.</param>
    /// <returns>The ID of the new cell with the text after the offset.</returns>
    public string? Split(string id, int offset)
    {
        string source;
        CellKind kind;
        lock (Gate)
        {
            if (Find(id) is not { } cell) return null;
            (source, kind) = (cell.Cell.Source, cell.Cell.Kind);
        }

        offset = Math.Clamp(offset, 0, source.Length);
        Edit(id, source[..offset].TrimEnd('\n'), null);
        return Insert(After(id), kind, source[offset..].TrimStart('\n'));
    }

    /// <summary>Appends the text of the next cell to a cell, and deletes the next cell.</summary>
    public void MergeWithNext(string id)
    {
        if (After(id) is not { } next || Find(id) is not { } cell || Find(next) is not { } other) return;
        Edit(id, $"{cell.Cell.Source}\n\n{other.Cell.Source}".Trim('\n'), null);
        Delete(next);
    }

    /// <summary>Changes the kind of a cell.</summary>
    public void ChangeKind(string id, CellKind kind)
    {
        lock (Gate)
        {
            if (Find(id) is not { } cell || cell.Cell.Kind == kind) return;
            cell.Cell = _document.ChangeKind(cell.Cell, kind);
            cell.Outputs.Clear();
            (cell.ExecutionCount, cell.Duration, cell.State) = (null, null, RunState.Idle);
        }

        ChangeStructure();
        Find(id)?.Notify();
    }

    /// <summary>Removes the outputs of a cell, or of all cells.</summary>
    public void ClearOutputs(string? id)
    {
        lock (Gate)
        {
            foreach (var cell in _cells.Where(cell => cell.IsCode && (id is null || cell.Id == id)))
            {
                cell.Outputs.Clear();
                (cell.ExecutionCount, cell.Duration, cell.HasNewResult) = (null, null, true);
            }
        }

        Touch();
        NotifyCells();
    }

    private int IndexOf(string? id) => _cells.FindIndex(cell => cell.Id == id);

    private void ChangeStructure()
    {
        Touch();
        Changed?.Invoke();
    }
}
