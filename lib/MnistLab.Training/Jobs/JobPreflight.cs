using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MnistLab.Models.UserCode;
using MnistLab.Storage;

namespace MnistLab.Training.Jobs;

/// <summary>
/// Validates the objects that a job needs from the store before it is submitted, so that errors surface at once rather
/// than in its worker.
/// </summary>
internal static class JobPreflight
{
    // The platform's size limit for a code directory.
    private const long MaxCodeBytes = 10L << 20;

    /// <summary>Validates the code and data of a job.</summary>
    /// <returns>
    /// A hash that identifies the code and data: the SHA-256, in hexadecimal, of the addresses and ETags of the files
    /// in the code directory and of the input files.
    /// </returns>
    /// <exception cref="TrainingJobException">
    /// An object is missing, empty, or not valid, or the code directory is too large; the message names the field.
    /// </exception>
    /// <exception cref="ObjectStoreException">The store rejected a request or failed.</exception>
    public static async Task<string> CheckAsync(TrainingJobSpec spec, IObjectStore store, CancellationToken cancellationToken)
    {
        await CheckBootFileAsync(spec.BootFileUrl, store, cancellationToken);
        if (spec.Parameters.ContainsKey(SettingRules.ModelName))
            HyperParameters.ValidateModel(spec.Parameters, await store.GetTextAsync(spec.BootFileUrl, cancellationToken));
        var sources = await CheckCodeAsync(spec.AppUrl, store, cancellationToken);
        foreach (var name in spec.InputFiles)
            sources.Add(await CheckInputAsync(spec.DataUrl.AsPrefix() / name, spec.DataUrl, store, cancellationToken));
        var names = string.Join('\n', sources.Select(source => $"{source.Url} {source.ETag}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(names)));
    }

    /// <summary>Validates that each file below a prefix has the recorded content.</summary>
    /// <param name="folder">The prefix.</param>
    /// <param name="code">The SHA-256 of each file, in hexadecimal, by its path relative to the prefix.</param>
    /// <param name="store">The store that contains the files.</param>
    /// <param name="cancellationToken">A token to cancel the check.</param>
    /// <exception cref="TrainingJobException">A file is missing or differs; the message names it.</exception>
    public static async Task CheckSameCodeAsync(
        ObjectUrl folder,
        IReadOnlyDictionary<string, string> code,
        IObjectStore store,
        CancellationToken cancellationToken)
    {
        foreach (var (name, hash) in code)
        {
            var url = folder / name;
            if (await store.HeadAsync(url, cancellationToken) is null)
            {
                throw new TrainingJobException(
                    $"{url} is missing in {store.Location}. "
                    + $"Upload the file that the model came from, with the SHA-256 {hash}.");
            }

            await using var content = await store.GetAsync(url, null, cancellationToken);
            var found = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
            if (found != hash)
            {
                throw new TrainingJobException(
                    $"{url} is not the file that the model came from: its SHA-256 is {found}, but should be {hash}. "
                    + "Upload that file again, or train another model.");
            }
        }
    }

    private static async Task CheckBootFileAsync(ObjectUrl url, IObjectStore store, CancellationToken cancellationToken)
    {
        if (await store.HeadAsync(url, cancellationToken) is not { } found)
            throw TrainingJobException.OfField(
                "boot_file_url",
                $"{url} does not exist in {store.Location}. Upload the boot file first: that is the last step of the notebook on preparing data.");
        if (found.Length == 0)
            throw TrainingJobException.OfField("boot_file_url", $"{url} is empty.");
        if (await IsWebPageAsync(url, found.Length, store, cancellationToken))
            throw TrainingJobException.OfField(
                "boot_file_url",
                $"{url} is an HTML page, not C# code: a web page was saved instead of the raw file. Download the file itself and upload it again.");
    }

    private static async Task<List<ObjectInfo>> CheckCodeAsync(ObjectUrl url, IObjectStore store, CancellationToken cancellationToken)
    {
        var files = new List<ObjectInfo>();
        await foreach (var found in store.ListAsync(url.AsPrefix(), cancellationToken)) files.Add(found);
        var total = files.Sum(file => file.Length);
        if (total > MaxCodeBytes)
        {
            throw TrainingJobException.OfField("app_url", string.Create(
                CultureInfo.InvariantCulture,
                $"{url} holds {total:N0} bytes; the maximum for a code directory is {MaxCodeBytes:N0}. ")
                + "Keep data and outputs elsewhere.");
        }

        return files;
    }

    private static async Task<ObjectInfo> CheckInputAsync(
        ObjectUrl url, ObjectUrl dataUrl, IObjectStore store, CancellationToken cancellationToken)
    {
        var found = await store.HeadAsync(url, cancellationToken);
        var problem = found is null ? "is missing"
            : found.Length == 0 ? "is empty"
            : await IsWebPageAsync(url, found.Length, store, cancellationToken) ? "is an HTML page, not data"
            : null;
        if (problem is not null)
        {
            throw TrainingJobException.OfField(
                "data_url",
                $"{dataUrl}: {url.Name} {problem} in {store.Location}. Notebook 1 uploads the dataset: run it first.");
        }

        return found!;
    }

    private static async Task<bool> IsWebPageAsync(
        ObjectUrl url, long length, IObjectStore store, CancellationToken cancellationToken)
    {
        await using var content = await store.GetAsync(url, new ByteRange(0, Math.Min(length, 512)), cancellationToken);
        using var reader = new StreamReader(content, Encoding.UTF8);
        return WebPage.IsMatch(await reader.ReadToEndAsync(cancellationToken));
    }
}
