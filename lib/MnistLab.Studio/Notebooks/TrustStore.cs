using MnistLab.Hosting;

namespace MnistLab.Studio.Notebooks;

/// <summary>
/// Stores the hashes of the files of trusted notebooks, whose outputs may run scripts: notebooks that were saved here,
/// or that the user trusts.
/// </summary>
internal sealed class TrustStore(StudioOptions options)
{
    private const int Kept = 1000;

    private readonly string _file = Path.Combine(options.StateFolder, "trusted");
    private readonly Lock _lock = new();
    private List<string>? _hashes;

    /// <summary>Returns whether the file with a hash is trusted.</summary>
    public bool Contains(string hash)
    {
        lock (_lock) return Hashes.Contains(hash);
    }

    /// <summary>Trusts the file with a hash.</summary>
    public void Add(string hash)
    {
        lock (_lock)
        {
            if (Hashes.Contains(hash)) return;
            Hashes.Add(hash);
            if (Hashes.Count > Kept) Hashes.RemoveRange(0, Hashes.Count - Kept);
            AtomicFile.WriteAllText(_file, string.Join('\n', Hashes));
        }
    }

    private List<string> Hashes => _hashes ??= File.Exists(_file) ? [.. File.ReadAllLines(_file)] : [];
}
