using MnistLab.Storage;
using MnistLab.Storage.Folders;
using MnistLab.Testing;
using MnistLab.Training.EventLog;

namespace MnistLab.Training.Tests;

public sealed class TensorBoardJobTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ObjectUrl _output = ObjectUrl.Parse("s3://bucket/log/");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Job_WithoutTheProgram_ReadsWhatRunsWriteWhileTheyWrite()
    {
        var store = await StoreAsync();
        using var events = new EventLogWriter(_folder["run"], TimeProvider.System);
        events.HyperParameters(new Dictionary<string, string> { ["learning_rate"] = "0.01", ["model"] = "fast" });
        events.Scalar("loss", 2.5, 1);
        await UploadAsync(store, events, "V0001/run");

        await using var board = await WithPathAsync("", () => TensorBoardJob.CreateAsync(store, _output));
        Assert.Null(board.Url);
        Assert.Equal(["0.01", "fast"], board.Read()["V0001/run"].OfType<LoggedHyperParameters>().Single().Values
            .OrderBy(value => value.Key)
            .Select(value => value.Value));
        events.Scalar("loss", 1.5, 2);
        events.Image("digit", [1, 2, 3], 28, 14, 2);
        events.Text("note", "*hello*", 2);
        events.Histogram("weights", [0, 1, 2], 2, buckets: 2);
        await UploadAsync(store, events, "V0001/run");
        await UploadAsync(store, events, "V0002/run");
        await board.RefreshAsync();

        Assert.Equal(["V0001/run", "V0002/run"], board.Read().Keys.Order());
        var run = board.Read()["V0001/run"];
        Assert.Equal([2.5, 1.5], run.OfType<ScalarPoint>().Select(point => point.Value));
        Assert.Equal((28, 14, 3), run.OfType<LoggedImage>().Select(image => (image.Width, image.Height, image.Png.Length)).Single());
        Assert.Equal("*hello*", run.OfType<LoggedText>().Single().Markdown);
        Assert.Equal([1.0, 2.0], run.OfType<LoggedHistogram>().Single().Counts);
    }

    [Fact]
    public async Task Job_WithTheProgram_StartsItOnACopyAndStopsIt()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("The program that stands for tensorboard is a shell script.");
        var store = await StoreAsync();
        Script(
            "echo \"TensorBoard 2.16.2 at http://127.0.0.1:$$/ (Press CTRL+C to quit)\" >&2\necho \"$@\" > \"$0.arguments\"\nexec tail -f /dev/null");

        await using var board = await WithPathAsync(_folder.Path, () => TensorBoardJob.CreateAsync(store, _output));

        using var process = System.Diagnostics.Process.GetProcessById(board.Url!.Port);
        Assert.StartsWith($"--logdir {board.LogDir} --host 127.0.0.1 --port 0", await ArgumentsAsync(), StringComparison.Ordinal);
        await board.StopAsync();
        await process.WaitForExitAsync();
        Assert.Null(board.Url);
        Assert.False(Directory.Exists(board.LogDir));
        await board.StopAsync();
    }

    [Fact]
    public async Task Job_WhoseProgramFails_SaysWhatItSaid()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("The program that stands for tensorboard is a shell script.");
        var store = await StoreAsync();
        Script("echo 'ModuleNotFoundError: No module named pkg_resources' >&2; exit 3");

        var error = await Assert.ThrowsAsync<TensorBoardException>(
            () => WithPathAsync(_folder.Path, () => TensorBoardJob.CreateAsync(store, _output)));

        Assert.Contains("exit code 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("No module named pkg_resources", error.Message, StringComparison.Ordinal);
    }

    private async Task<IObjectStore> StoreAsync()
    {
        var store = new FolderObjectStore(_folder["obs"]);
        await store.CreateBucketAsync(_output.Bucket);
        return store;
    }

    private async Task UploadAsync(IObjectStore store, EventLogWriter events, string run)
    {
        events.Flush();
        await using var content = new FileStream(events.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        await store.PutAsync(_output / $"{run}/{Path.GetFileName(events.Path)}", content);
    }

    // The address is printed before the script has written this.
    private async Task<string> ArgumentsAsync()
    {
        var file = _folder["tensorboard.arguments"];
        while (!File.Exists(file) || new FileInfo(file).Length == 0) await Task.Yield();
        return await File.ReadAllTextAsync(file);
    }

    private void Script(string text)
    {
        File.WriteAllText(_folder["tensorboard"], $"#!/bin/sh\n{text}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_folder["tensorboard"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    /// <summary>
    /// Runs an action with one more folder in the <c>PATH</c> of this process, which is safe because the tests of this
    /// project run one after the other.
    /// </summary>
    private static async Task<T> WithPathAsync<T>(string folder, Func<Task<T>> action)
    {
        var path = Environment.GetEnvironmentVariable("PATH");
        Environment.SetEnvironmentVariable(
            "PATH",
            string.Join(Path.PathSeparator, new[] { folder, "/usr/bin", "/bin" }.Where(item => item.Length > 0)));
        try
        {
            return await action();
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
        }
    }
}
