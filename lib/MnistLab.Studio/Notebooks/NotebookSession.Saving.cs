using MnistLab.Kernel.Documents;

namespace MnistLab.Studio.Notebooks;

/// <content>Saves the file, its working copy, and other versions of it.</content>
internal sealed partial class NotebookSession
{
    private static readonly TimeSpan MaxUnsavedText = TimeSpan.FromSeconds(2);
    // Outputs may be large and can be recreated by a run, so they are saved less often.
    private static readonly TimeSpan MaxUnsavedOutputs = TimeSpan.FromSeconds(10);

    private DateTimeOffset _workingCopyDue = DateTimeOffset.MaxValue;

    /// <summary>Saves the notebook to its file.</summary>
    /// <returns>False if another program has changed the file, so that the user must choose a version.</returns>
    public bool Save()
    {
        if (_file.HasChanged())
        {
            IsOutdated = true;
            Changed?.Invoke();
            return false;
        }

        try
        {
            lock (Gate)
            {
                _file.Save(Write());
                (IsDirty, _workingCopyDue, Problem) = (false, DateTimeOffset.MaxValue, null);
                // Outputs that were created or trusted here stay trusted under the new hash.
                if (HasOnlyKnownOutputs) _trust.Add(_file.Hash);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Problem = error.Message;
        }

        Changed?.Invoke();
        return true;
    }

    /// <summary>Resolves a conflict in favor of this version; the version of the file is kept beside it.</summary>
    public void KeepOwn()
    {
        var kept = _file.KeepBeside("disk", null, _time);
        _file.Accept();
        IsOutdated = false;
        Save();
        Tell(kept);
    }

    /// <summary>Resolves a conflict in favor of the version of the file; this version is kept beside it.</summary>
    public void TakeFile()
    {
        string text;
        lock (Gate) text = Write();
        var kept = _file.KeepBeside("mine", text, _time);
        Replace(_file.Reread());
        Tell(kept);
    }

    /// <summary>
    /// Restores the notebook as it was before its first change here; this version is kept beside it.
    /// </summary>
    public void Reset()
    {
        string text;
        lock (Gate) text = Write();
        var kept = _file.KeepBeside("copy", text, _time);
        Replace(_file.ReadOriginal());
        Save();
        Tell(kept);
    }

    private void Tell(string keptFile)
    {
        News = System.IO.Path.GetFileName(keptFile);
        Changed?.Invoke();
    }

    private void Replace(NotebookDocument document)
    {
        lock (Gate)
        {
            _document = document;
            _cells.Clear();
            _cells.AddRange(document.Cells.Select(cell => new CellState(cell)));
            _runs.Clear();
            _removed.Clear();
            (IsDirty, IsOutdated, _workingCopyDue) = (false, false, DateTimeOffset.MaxValue);
            IsTrusted = _trust.Contains(_file.Hash);
            Generation++;
        }

        Changed?.Invoke();
        foreach (var cell in Cells) Edited?.Invoke(cell, null);
    }

    // The caller holds the lock.
    private string Write()
    {
        foreach (var cell in _cells.Where(cell => cell is { IsCode: true, HasNewResult: true }))
        {
            cell.Cell.SetResult(cell.ExecutionCount, cell.Outputs.Select(output => output.Output));
            if (cell.Duration is { } duration) cell.Cell.Times = new(cell.Started, cell.Started + duration);
            cell.HasNewResult = false;
        }

        return _document.Write(_file.Path);
    }

    // The caller holds the lock.
    private bool HasOnlyKnownOutputs => IsTrusted || _cells.All(cell => cell.Outputs.All(output => output.IsOwn));

    private void Touch(bool onlyOutputs = false)
    {
        var wasDirty = IsDirty;
        var due = _time.GetUtcNow() + (onlyOutputs ? MaxUnsavedOutputs : MaxUnsavedText);
        lock (Gate) (IsDirty, _workingCopyDue) = (true, due < _workingCopyDue ? due : _workingCopyDue);
        if (!wasDirty) Changed?.Invoke();
    }

    private void Tick()
    {
        Autosave(_time.GetUtcNow());
        if (!_file.HasChanged() || IsOutdated) return;
        if (IsDirty)
        {
            IsOutdated = true;
            Changed?.Invoke();
            return;
        }

        try
        {
            Replace(_file.Reread());
        }
        catch (Exception error) when (error is NotebookFormatException or IOException)
        {
            // Another program may not have finished writing: the file is read again when it changes.
            Problem = error.Message;
            Changed?.Invoke();
        }
    }

    private void Autosave(DateTimeOffset now)
    {
        try
        {
            lock (Gate)
            {
                if (_workingCopyDue == DateTimeOffset.MaxValue || now < _workingCopyDue) return;
                var text = Write();
                // The working copy contains outputs even if the format of the file does not support them.
                if (System.IO.Path.GetExtension(_file.Path) != NotebookDocument.Extension)
                    text = _document.Write(NotebookDocument.Extension);
                _file.SaveWorkingCopy(text, HasOnlyKnownOutputs);
                _workingCopyDue = DateTimeOffset.MaxValue;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Problem = error.Message;
            Changed?.Invoke();
        }
    }
}
