using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MnistLab.Hosting;
using MnistLab.Kernel.Documents;

namespace MnistLab.Studio.Notebooks;

/// <summary>
/// Represents the file of a notebook and its working copy, which holds unsaved changes and survives a restart of
/// Studio. A hash of the file's content at the last read or save reveals changes by other programs.
/// </summary>
internal sealed class NotebookFile
{
    private const string Trusted = "trusted";

    private readonly string _workingCopy;
    private readonly string _base;
    private readonly string _original;
    private string _hash = "";
    private string _seenHash = "";
    private (DateTime Time, long Length) _seen;

    /// <param name="path">The path of the file.</param>
    /// <param name="stateFolder">The folder for working copies and originals.</param>
    public NotebookFile(string path, string stateFolder)
    {
        Path = path;
        var name = HashOf(Encoding.UTF8.GetBytes(path))[..16];
        _workingCopy = System.IO.Path.Combine(stateFolder, "unsaved", name + NotebookDocument.Extension);
        _base = System.IO.Path.ChangeExtension(_workingCopy, ".base");
        _original = System.IO.Path.Combine(stateFolder, "originals", name + System.IO.Path.GetExtension(path));
    }

    /// <summary>Gets the path of the file.</summary>
    public string Path { get; }

    /// <summary>Gets the hash of the content at the last read or save.</summary>
    public string Hash => _hash;

    /// <summary>Reads the notebook, or its working copy if there is one.</summary>
    /// <returns>
    /// The notebook; whether it has unsaved changes; whether the file has changed since they were made; and whether all
    /// of its outputs were created or trusted here.
    /// </returns>
    /// <exception cref="NotebookFormatException">The file is not a notebook.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public (NotebookDocument Document, bool IsUnsaved, bool IsOutdated, bool IsTrusted) Read()
    {
        var current = Look();
        if (File.Exists(_workingCopy) && File.Exists(_base) && TryReadWorkingCopy() is { } unsaved)
        {
            var lines = File.ReadAllLines(_base);
            _hash = lines[0];
            return (unsaved, true, _hash != current, lines is [_, Trusted]);
        }

        _hash = current;
        return (NotebookDocument.Read(Path), false, false, false);
    }

    /// <summary>Reads the file, and deletes the working copy.</summary>
    public NotebookDocument Reread()
    {
        var document = NotebookDocument.Read(Path);
        _hash = Look();
        Forget();
        return document;
    }

    /// <summary>
    /// Returns whether the content has changed since the last read or save. The content is only hashed if the file's
    /// time or length changed.
    /// </summary>
    public bool HasChanged()
    {
        var info = new FileInfo(Path);
        if (!info.Exists) return false;
        var present = (info.LastWriteTimeUtc, info.Length) == _seen ? _seenHash : Look();
        return present != _hash;
    }

    /// <summary>Accepts the current content of the file: the next save overwrites it.</summary>
    public void Accept() => _hash = Look();

    /// <summary>Saves the notebook atomically, and deletes the working copy.</summary>
    public void Save(string text)
    {
        AtomicFile.WriteAllText(Path, text);
        _hash = Look();
        Forget();
    }

    /// <summary>Saves unsaved changes to the working copy.</summary>
    /// <param name="text">The notebook, in nbformat.</param>
    /// <param name="isTrusted">Whether all of its outputs were created or trusted here.</param>
    public void SaveWorkingCopy(string text, bool isTrusted)
    {
        AtomicFile.WriteAllText(_base, $"{_hash}\n{(isTrusted ? Trusted : "")}");
        AtomicFile.WriteAllText(_workingCopy, text);
    }

    /// <summary>Deletes the working copy.</summary>
    public void Forget()
    {
        if (!File.Exists(_workingCopy)) return;
        File.Delete(_workingCopy);
        File.Delete(_base);
    }

    /// <summary>Stores the content of the file as the original that a reset restores.</summary>
    public void KeepOriginal() => AtomicFile.WriteAllText(_original, File.ReadAllText(Path));

    /// <summary>Reads the original.</summary>
    public NotebookDocument ReadOriginal() => NotebookDocument.Read(_original);

    /// <summary>Saves a version beside the file, under a name that does not exist yet.</summary>
    /// <param name="mark">The suffix of the name, such as <c>copy</c>.</param>
    /// <param name="text">The content; null for that of the file.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The path of the new file.</returns>
    public string KeepBeside(string mark, string? text, TimeProvider time)
    {
        var stamp = time.GetLocalNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var (folder, extension) = (System.IO.Path.GetDirectoryName(Path)!, System.IO.Path.GetExtension(Path));
        var stem = System.IO.Path.Combine(folder, $"{System.IO.Path.GetFileNameWithoutExtension(Path)}.{mark}-{stamp}");
        var path = stem + extension;
        for (var number = 2; File.Exists(path); number++)
            path = string.Create(CultureInfo.InvariantCulture, $"{stem}-{number}{extension}");
        AtomicFile.WriteAllText(path, text ?? File.ReadAllText(Path));
        return path;
    }

    // A damaged working copy must not prevent the file from being opened.
    private NotebookDocument? TryReadWorkingCopy()
    {
        try
        {
            return NotebookDocument.Read(_workingCopy);
        }
        catch (NotebookFormatException)
        {
            return null;
        }
    }

    private string Look()
    {
        var info = new FileInfo(Path);
        _seen = (info.LastWriteTimeUtc, info.Length);
        return _seenHash = HashOf(File.ReadAllBytes(Path));
    }

    private static string HashOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
