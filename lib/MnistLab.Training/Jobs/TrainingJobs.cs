using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using MnistLab.Data;

namespace MnistLab.Training;

/// <summary>Runs training jobs: each version of a job is a process of its own, the worker, which compiles and runs the boot file.</summary>
/// <param name="workspace">Where the store is, and where jobs keep their code and logs while they run.</param>
/// <param name="time">The clock.</param>
public sealed partial class TrainingJobs(Workspace workspace, TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Checks a job's form, gives it the next free version and starts its worker.</summary>
    /// <exception cref="TrainingJobException">A field is wrong; the message names it.</exception>
    /// <exception cref="ObjectStoreException">The store refused or failed.</exception>
    public async Task<TrainingJob> SubmitAsync(TrainingJobSpec spec, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        spec.Validate();
        var store = workspace.OpenStore();
        await RequireBootFileAsync(store, spec.BootFileUrl, cancellationToken);

        var record = JobRecord.Of(spec, await NextVersionAsync(store, spec.TrainUrl, cancellationToken), _time.GetUtcNow());
        // The record in the store takes the version: the next submission counts from it, whatever becomes of this one.
        await store.PutTextAsync(record.OutputUrl / JobRecord.FileName, record.ToJson(), cancellationToken);

        var folder = Path.Combine(workspace.JobsFolder, spec.JobName, record.Version);
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        record.Write(folder);
        return TrainingJob.Start(spec, record, folder, workspace.Root);
    }

    /// <summary>The output of the newest version that left a whole model package.</summary>
    /// <param name="trainUrl">The training output location.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>The prefix that holds <c>model/</c>, such as <c>s3://modelarts-example/log/V0002/</c>.</returns>
    /// <exception cref="TrainingJobException">No version did.</exception>
    /// <exception cref="ObjectStoreException">The store refused or failed.</exception>
    public async Task<ObjectUrl> LatestOutputAsync(ObjectUrl trainUrl, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(trainUrl);
        var latest = (Number: 0, Output: (ObjectUrl?)null);
        await foreach (var found in workspace.OpenStore().ListAsync(trainUrl.AsPrefix(), cancellationToken))
        {
            var key = trainUrl.RelativeKeyOf(found.Url);
            if (key.EndsWith($"/{ModelPackage.FolderName}{ModelPackage.ConfigurationName}", StringComparison.Ordinal) && NumberOf(key) is { } number && number > latest.Number)
                latest = (number, found.Url.Parent.Parent);
        }

        return latest.Output ?? throw new TrainingJobException($"There is no trained model in {trainUrl}. Train one first: run notebook 2.");
    }

    private static int? NumberOf(string key) => Version().Match(key) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null;

    private static async Task RequireBootFileAsync(IObjectStore store, ObjectUrl url, CancellationToken cancellationToken)
    {
        if (await store.HeadAsync(url, cancellationToken) is not { } found)
            throw new TrainingJobException($"boot_file_url {url} does not exist in {store.Location}. Upload the boot file first: that is the last step of the notebook on preparing data.");
        if (found.Length == 0)
            throw new TrainingJobException($"boot_file_url {url} is empty.");

        await using var content = await store.GetAsync(url, new ByteRange(0, Math.Min(found.Length, 512)), cancellationToken);
        using var reader = new StreamReader(content, Encoding.UTF8);
        if (Html().IsMatch(await reader.ReadToEndAsync(cancellationToken)))
            throw new TrainingJobException($"boot_file_url {url} is an HTML page, not C# code: a web page was saved instead of the raw file. Download the file itself and upload it again.");
    }

    private static async Task<string> NextVersionAsync(IObjectStore store, ObjectUrl trainUrl, CancellationToken cancellationToken)
    {
        var last = 0;
        await foreach (var found in store.ListAsync(trainUrl.AsPrefix(), cancellationToken))
        {
            last = Math.Max(last, NumberOf(trainUrl.RelativeKeyOf(found.Url)) ?? 0);
        }

        return string.Create(CultureInfo.InvariantCulture, $"V{last + 1:D4}");
    }

    [GeneratedRegex(@"\AV(\d{4,9})/")]
    private static partial Regex Version();

    [GeneratedRegex(@"\A\s*<(!doctype|html)", RegexOptions.IgnoreCase)]
    private static partial Regex Html();
}
