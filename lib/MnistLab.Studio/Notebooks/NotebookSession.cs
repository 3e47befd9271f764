using MnistLab.Kernel.Documents;
using MnistLab.Kernel.Installation;
using MnistLab.Studio.Outputs;

namespace MnistLab.Studio.Notebooks;

/// <summary>
/// Represents an open notebook. It belongs to this process rather than to a page: its text, its outputs, and its kernel
/// survive when the page is reloaded or loses its connection. All pages of the notebook share it.
/// </summary>
internal sealed partial class NotebookSession : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly NotebookFile _file;
    private readonly TrustStore _trust;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly List<CellState> _cells = [];
    private readonly HashSet<object> _pages = [];
    private NotebookDocument _document;

    /// <summary>Opens a notebook.</summary>
    /// <param name="path">The path of the notebook in the workspace.</param>
    /// <param name="file">The file.</param>
    /// <param name="specifications">
    /// The available kernels; the first one is used if the notebook does not specify one of them.
    /// </param>
    /// <param name="trust">The store of trusted notebooks, whose outputs may run scripts.</param>
    /// <param name="time">The clock.</param>
    public NotebookSession(
        string path, NotebookFile file, IReadOnlyList<KernelSpecification> specifications, TrustStore trust, TimeProvider time)
    {
        (Path, _file, _trust, _time, Specifications) = (path, file, trust, time, specifications);
        (_document, IsDirty, IsOutdated, var isTrustedCopy) = file.Read();
        IsTrusted = isTrustedCopy || trust.Contains(file.Hash);
        // A file with an unknown hash was not saved here: it comes from its author, or from a new version of the
        // course.
        if (!trust.Contains(file.Hash) && !IsDirty) file.KeepOriginal();
        _cells.AddRange(_document.Cells.Select(cell => new CellState(cell)));
        _kernel = CreateKernel(specifications.FirstOrDefault(kernel => kernel.Name == _document.KernelName) ?? specifications[0]);
        _timer = time.CreateTimer(_ => Tick(), null, Interval, Interval);
    }

    /// <summary>Occurs when cells are added or removed, or the notebook as a whole changes.</summary>
    public event Action? Changed;

    /// <summary>Gets the lock that guards the cells and their outputs.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Gets the path of the notebook in the workspace.</summary>
    public string Path { get; }

    /// <summary>Gets the available kernels.</summary>
    public IReadOnlyList<KernelSpecification> Specifications { get; }

    /// <summary>Gets the cells, from top to bottom.</summary>
    public IReadOnlyList<CellState> Cells
    {
        get
        {
            lock (Gate) return [.. _cells];
        }
    }

    /// <summary>Gets whether there are unsaved changes.</summary>
    public bool IsDirty { get; private set; }

    /// <summary>
    /// Gets whether another program has changed the file while there are unsaved changes here.
    /// </summary>
    public bool IsOutdated { get; private set; }

    /// <summary>Gets the number of times the document was replaced by another version.</summary>
    public int Generation { get; private set; }

    /// <summary>Gets whether outputs from the file may run scripts.</summary>
    public bool IsTrusted { get; private set; }

    /// <summary>Gets the message of the last error; null if there is none.</summary>
    public string? Problem { get; private set; }

    /// <summary>Gets the name of the file in which another version was kept last; null if there is none.</summary>
    public string? News { get; private set; }

    /// <summary>Gets the number of pages that show the notebook.</summary>
    public int PageCount
    {
        get
        {
            lock (Gate) return _pages.Count;
        }
    }

    /// <summary>Gets whether there are outputs whose scripts are blocked.</summary>
    public bool HasDistrustedOutputs
    {
        get
        {
            if (IsTrusted) return false;
            lock (Gate) return _cells.Any(cell => cell.Outputs.Any(output => output is { IsOwn: false, MayHaveScripts: true }));
        }
    }

    /// <summary>Gets the hashes of the libraries that outputs load, in the order of the cells.</summary>
    public IReadOnlyList<string> Libraries
    {
        get
        {
            lock (Gate) return [.. LargeOutputs.SelectMany(html => html.Libraries.Keys).Distinct()];
        }
    }

    private IEnumerable<OutputHtml> LargeOutputs =>
        _cells.SelectMany(cell => cell.Outputs).Select(output => output.Parts).OfType<OutputHtml>();

    /// <summary>Returns the text of a library; null if no output contains it.</summary>
    public string? FindLibrary(string hash)
    {
        lock (Gate) return LargeOutputs.Select(html => html.Libraries.GetValueOrDefault(hash)).FirstOrDefault(text => text is not null);
    }

    /// <summary>Returns an output; null if it no longer exists.</summary>
    public OutputState? FindOutput(long id)
    {
        lock (Gate)
        {
            return _cells
                .SelectMany(cell => cell.Outputs.Concat(cell.Earlier.SelectMany(earlier => earlier.Outputs)))
                .FirstOrDefault(output => output.Id == id);
        }
    }

    /// <summary>Registers a page that shows the notebook.</summary>
    public void Attach(object page)
    {
        lock (Gate) _pages.Add(page);
        Changed?.Invoke();
    }

    /// <summary>Unregisters a page.</summary>
    public void Detach(object page)
    {
        lock (Gate) _pages.Remove(page);
        Changed?.Invoke();
    }

    /// <summary>Trusts the notebook: outputs from its file may run scripts.</summary>
    public void Trust()
    {
        IsTrusted = true;
        _trust.Add(_file.Hash);
        Changed?.Invoke();
        NotifyCells();
    }

    /// <summary>Clears <see cref="Problem"/> and <see cref="News"/>.</summary>
    public void Dismiss()
    {
        (Problem, News) = (null, null);
        Changed?.Invoke();
    }

    /// <summary>Returns whether the last run of a cell failed.</summary>
    public bool HasFailed(CellState cell)
    {
        lock (Gate) return cell.Outputs.Exists(output => output.Output is ErrorOutput);
    }

    /// <summary>Returns the plain text of a cell's displays and results.</summary>
    public string TextOf(CellState cell)
    {
        lock (Gate) return string.Join('\n', cell.Outputs.Select(output => output.PlainText));
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await _kernel.DisposeAsync();
        Autosave(DateTimeOffset.MaxValue);
    }

    private void NotifyCells()
    {
        foreach (var cell in Cells) cell.Notify();
    }
}
