#:project ../lib/MnistLab.Data

// Downloads MNIST, or another dataset in the same format, and verifies it.
//   dotnet run data-scripts/get-mnist.cs                                         downloads to the cache, where the notebooks find it
//   dotnet run data-scripts/get-mnist.cs -- FOLDER --mirror https://example.org/mnist/
//   dotnet run data-scripts/get-mnist.cs -- FOLDER --dataset fashion-mnist
//   dotnet run data-scripts/get-mnist.cs -- --verify FOLDER                      verifies files without changing them
// Exit codes: 0 if all files are present and valid, 1 if not, 2 if the arguments are not valid.

using System.Globalization;
using MnistLab.Data.Datasets;
using MnistLab.Data.Download;
using MnistLab.Data.Sources;

const int Success = 0;
const int Failure = 1;
const int Usage = 2;

var dataset = DatasetDescription.Mnist;
string? folder = null;
string? verify = null;
var mirrors = new List<Uri>();
try
{
    var words = new Queue<string>(args);
    while (words.TryDequeue(out var word))
    {
        if (word is "--help" or "-h") return Help(Console.Out, Success);
        if (word is not ("--dataset" or "--mirror" or "--verify") && (word.StartsWith('-') || folder is not null)) return Help(Console.Error, Usage, $"'{word}' is an unknown option or an extra argument.");
        if (!word.StartsWith('-')) folder = word;
        else if (!words.TryDequeue(out var value)) return Help(Console.Error, Usage, $"{word} requires a value.");
        else if (word == "--mirror") mirrors.Add(MirrorList.ParseOne(value));
        else if (word == "--verify") verify = value;
        else if (DatasetDescription.Known.FirstOrDefault(known => known.Name == value) is { } known) dataset = known;
        else return Help(Console.Error, Usage, $"'{value}' is not a known dataset.");
    }

    if (verify is not null && (folder is not null || mirrors.Count > 0)) return Help(Console.Error, Usage, "--verify does not download anything: combine it only with --dataset.");
    if (mirrors.Count == 0 && dataset == DatasetDescription.Mnist && Environment.GetEnvironmentVariable(DatasetSource.MirrorsVariable) is { Length: > 0 } named) mirrors.AddRange(MirrorList.Parse(named));
    else if (mirrors.Count == 0) mirrors.AddRange(dataset.Mirrors);
    if (mirrors.Count == 0 && verify is null) return Help(Console.Error, Usage, $"{DatasetSource.MirrorsVariable} is {MirrorList.None}, so there is no mirror to download from. Unset it, or specify a mirror with --mirror.");
}
catch (DatasetException error)
{
    return Help(Console.Error, Usage, error.Message);
}

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    interrupted.Cancel();
};

try
{
    return verify is not null ? await VerifyAsync(verify) : await DownloadAsync(folder ?? UserCache.DatasetFolder(UserCache.Find(Environment.GetEnvironmentVariable), dataset));
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("Canceled. Complete files are kept.");
    return Failure;
}
catch (DatasetException error)
{
    Console.Error.WriteLine(error.Message);
    return Failure;
}

async Task<int> DownloadAsync(string target)
{
    using var handler = DatasetDownload.CreateHandler();
    DownloadedDataset downloaded;
    using (var progress = new DownloadProgressWriter(Console.Error, !Console.IsErrorRedirected, TimeProvider.System))
    {
        downloaded = await new DatasetDownload(handler, TimeProvider.System).GetAsync(dataset, target, mirrors, progress, interrupted.Token);
    }

    foreach (var remark in downloaded.Remarks) Console.WriteLine(remark);
    foreach (var file in dataset.Files) WriteFile(downloaded.Folder, file, downloaded.DownloadedFiles.Contains(file.Name) ? "verified" : "verified, already present");
    Console.WriteLine($"To use it, set {DatasetSource.Variable}={downloaded.Folder}");
    return Success;
}

async Task<int> VerifyAsync(string target)
{
    var states = await DatasetDownload.VerifyAsync(dataset, Path.GetFullPath(target), interrupted.Token);
    foreach (var (file, wrong) in states) WriteFile(target, file, wrong is null ? "verified" : $"INVALID: it {wrong}");
    return states.Values.All(wrong => wrong is null) ? Success : Failure;
}

void WriteFile(string target, DatasetFile file, string state)
{
    var info = new FileInfo(file.FindIn(target) ?? Path.Combine(target, file.Name));
    var size = info.Exists ? info.Length.ToString("N0", CultureInfo.InvariantCulture) : "no";
    Console.WriteLine($"{size,12} bytes  {info.Name}  {state}");
}

int Help(TextWriter writer, int exitCode, string? reason = null)
{
    if (reason is not null) writer.WriteLine(reason);
    writer.WriteLine("Usage: dotnet run data-scripts/get-mnist.cs -- [FOLDER] [--dataset NAME] [--mirror URL …]");
    writer.WriteLine("       dotnet run data-scripts/get-mnist.cs -- --verify FOLDER [--dataset NAME]");
    writer.WriteLine($"Datasets: {string.Join(", ", DatasetDescription.Known.Select(known => known.Name))}. Without FOLDER, the files go to the cache ({UserCache.Variable}).");
    return exitCode;
}
