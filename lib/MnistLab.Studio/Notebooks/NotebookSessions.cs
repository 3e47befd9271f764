using System.Collections.Concurrent;
using MnistLab.Kernel.Documents;
using MnistLab.Kernel.Installation;
using MnistLab.Studio.Course;
using MnistLab.Studio.Security;

namespace MnistLab.Studio.Notebooks;

/// <summary>Manages the open notebooks.</summary>
internal sealed class NotebookSessions(
    WorkspaceFiles files, StudioOptions options, TrustStore trust, CourseMap course, TimeProvider time)
    : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<NotebookSession>> _sessions = new(StringComparer.Ordinal);

    /// <summary>Gets the sessions of the open notebooks.</summary>
    public IReadOnlyList<NotebookSession> Open =>
        [.. _sessions.Values.Where(session => session.IsValueCreated).Select(session => session.Value)];

    /// <summary>Returns the session of a notebook, and opens it if necessary.</summary>
    /// <param name="path">The path of the notebook in the workspace.</param>
    /// <exception cref="StudioException">
    /// The path lies outside the workspace, does not exist, or is not a notebook.
    /// </exception>
    public NotebookSession Get(string path)
    {
        var file = files.Locate(path);
        if (!WorkspaceFiles.IsNotebook(file))
            throw new StudioException($"'{path}' is not a notebook: its name does not end in .ipynb or .dib.");
        if (!File.Exists(file)) throw new StudioException($"There is no notebook '{path}' in {files.Root}.");
        try
        {
            return _sessions.GetOrAdd(file, _ => new(() => Create(file))).Value;
        }
        catch (Exception error) when (error is NotebookFormatException or IOException or UnauthorizedAccessException)
        {
            _sessions.TryRemove(file, out _);
            throw new StudioException(error.Message, error);
        }
    }

    /// <summary>Closes a notebook: its kernel ends, and its unsaved changes are kept.</summary>
    public async Task CloseAsync(string path)
    {
        if (_sessions.TryRemove(files.Locate(path), out var session)) await session.Value.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var session in Open) await session.DisposeAsync();
    }

    private NotebookSession Create(string file)
    {
        var session = new NotebookSession(
            files.NameOf(file),
            new NotebookFile(file, options.StateFolder),
            KernelSpecification.Find(new JupyterFolders(options.Environment)),
            trust,
            time);
        session.CellEnded += cell => course.Record(session.Path, cell.Id, cell.Cell.Source, session.HasFailed(cell), session.TextOf(cell));
        return session;
    }
}
