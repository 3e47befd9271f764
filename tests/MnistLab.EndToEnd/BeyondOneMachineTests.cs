using System.Diagnostics;
using System.Text.RegularExpressions;
using MnistLab.Data.Workspaces;
using MnistLab.Storage;
using MnistLab.Testing;
using MnistLab.Training.Jobs;

namespace MnistLab.EndToEnd;

/// <summary>Tests the commands of <c>docs/beyond-one-machine.md</c> exactly as they are on the page.</summary>
public sealed partial class BeyondOneMachineTests(SingleNodeSlurm slurm) : IClassFixture<SingleNodeSlurm>
{
    private const string ForSlurm = "slurm";
    private const string ForReplicas = "replicas";
    private const string ForKubernetes = "kubernetes";

    // MnistLab.Serving.Tests covers this block: it builds and inspects the image there.
    private const string ForImage = "image";

    private static readonly string[] Run = ["", ForSlurm, ForReplicas, ForKubernetes, ForImage];

    private static readonly string Page = File.ReadAllText(
        Path.Combine(Workspace.Find().Root, "docs", "beyond-one-machine.md")).ReplaceLineEndings("\n");

    [Fact]
    public async Task Commands_ForThisMachine_SucceedInTheirOrder()
    {
        InstalledProgram.Require("mpiexec");
        await using var workspace = await WithDataAsync();

        var output = await RunAllAsync(workspace, mark: "");

        // Two workers, the log of the second, the same job on one worker, and a boot file under mpiexec.
        Assert.Contains("train_mnist V0001: Completed", output, StringComparison.Ordinal);
        Assert.Contains("step: 40(global step: 40)", output, StringComparison.Ordinal);
        Assert.Contains("train_mnist V0002: Completed", output, StringComparison.Ordinal);
        Assert.Equal([1, 2], JobsOf(workspace).Select(job => job.Spec.WorkerCount));
        var alone = ObjectUrl.Parse("s3://modelarts-example/log/alone/model/manifest.json");
        Assert.NotNull(await workspace.Store.HeadAsync(alone, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Commands_ForACluster_SucceedInTheirOrder()
    {
        SingleNodeSlurm.Require();
        InstalledProgram.Require("mpiexec");
        await using var workspace = await WithDataAsync();
        workspace.Variables[SingleNodeSlurm.ConfigurationVariable] = slurm.ConfigurationFile;

        await RunAllAsync(workspace, ForSlurm);

        Assert.Equal(
            [(JobStatus.Completed, JobTarget.Slurm, 2), (JobStatus.Completed, JobTarget.Slurm, 1)],
            JobsOf(workspace).Select(job => (job.Status, job.Spec.Target, job.Spec.WorkerCount)));
    }

    [Fact]
    public async Task Commands_ForReplicas_SucceedInTheirOrder()
    {
        InstalledProgram.Require("curl");
        PrivateNetwork.Require();
        await using var workspace = await WithDataAsync();
        Directory.CreateDirectory(workspace.PathOf("deploy/nginx"));
        File.Copy(Path.Combine(Workspace.Find().Root, "deploy/nginx/nginx.conf"), workspace.PathOf("deploy/nginx/nginx.conf"));
        // Runs all blocks in one shell, as a reader would; the first command that fails ends it.
        var script = workspace.PathOf("replicas.sh");
        var commands = Blocks().Where(block => block.Mark == ForReplicas).SelectMany(block => block.Commands);
        File.WriteAllLines(script, ["set -e", .. commands]);

        var (exitCode, output) = await PrivateNetwork.RunAsync(
            workspace.StartInfo(null, "bash", [script]),
            ("mnistlab", Path.Combine(AppContext.BaseDirectory, "mnistlab.dll")),
            ("mnistlab-serving", Path.Combine(AppContext.BaseDirectory, "MnistLab.Serving.dll")));

        Assert.True(exitCode == 0, output);
        Assert.Contains("\"versions\":[\"0.0.1\"]", output, StringComparison.Ordinal);
        // After the update, each of the remaining replicas reports the new version.
        Assert.Equal(7, output.Split("\"versions\":[\"0.0.2\"]").Length - 1);
        Assert.Contains(
            "all requests were completed",
            File.ReadAllText(workspace.PathOf("artifacts/replicas/8084.log")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_ForKubernetes_SucceedInTheirOrder()
    {
        InstalledProgram.Require("kubectl");
        await using var workspace = new CopiedWorkspace();
        var source = Path.Combine(Workspace.Find().Root, "deploy", "kubernetes", "service");
        Directory.CreateDirectory(workspace.PathOf("deploy/kubernetes/service"));
        foreach (var file in Directory.GetFiles(source))
            File.Copy(file, workspace.PathOf($"deploy/kubernetes/service/{Path.GetFileName(file)}"));

        var output = await RunAllAsync(workspace, ForKubernetes);

        Assert.Contains("image: mnistlab-serving:0.1.0", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TrainingJob_OfKubernetes_TrainsAModel()
    {
        var file = File.ReadAllText(Path.Combine(Workspace.Find().Root, "deploy", "kubernetes", "training-job.yaml"));
        var arguments = Arguments().Match(file).Groups["words"].Value.Split(", ");
        await using var workspace = await WithDataAsync();

        // The arguments are those of the file, except that training is shorter.
        string[] shorter = ["--parameter", "max_number_of_steps=5", "--parameter", "evaluate_every_n_steps=0"];
        var (exitCode, output, error) = await workspace.RunAsync(null, [.. arguments, .. shorter]);

        Assert.True(exitCode == 0, output + error);
        var model = ObjectUrl.Parse("s3://modelarts-example/log/V0001/model/model.onnx");
        Assert.NotNull(await workspace.Store.HeadAsync(model, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Commands_ThatAreNotRun_SayWhy()
    {
        var reasons = Blocks().Select(block => block.Mark).Where(mark => !Run.Contains(mark)).ToList();

        Assert.Equal(10, reasons.Count);
        Assert.All(reasons, reason => Assert.StartsWith("not run: ", reason, StringComparison.Ordinal));
    }

    private static IReadOnlyList<TrainingJob> JobsOf(CopiedWorkspace workspace) =>
        new TrainingJobs(Workspace.Find(workspace.Folder)).All;

    private static async Task<string> RunAllAsync(CopiedWorkspace workspace, string mark)
    {
        var all = "";
        foreach (var line in Blocks().Where(block => block.Mark == mark).SelectMany(block => block.Commands))
        {
            var (exitCode, output) = await RunAsync(workspace, line);
            Assert.True(exitCode == 0, $"{line}{Environment.NewLine}{output}");
            all += output;
        }

        Assert.NotEqual("", all);
        return all;
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(CopiedWorkspace workspace, string line)
    {
        var words = line.Split(' ');
        // The boot file refers to the library beside it.
        var bootFile = Path.Combine(Workspace.Find().Root, "notebooks", "codes", "train_mnist.cs");
        words = [.. words.Select(word => word == "notebooks/codes/train_mnist.cs" ? bootFile : word)];
        var start = words[0] == "mnistlab"
            ? workspace.StartInfo(null, "dotnet", [Path.Combine(AppContext.BaseDirectory, "mnistlab.dll"), .. words[1..]])
            : workspace.StartInfo(null, words[0], words[1..]);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await errors);
    }

    private static IEnumerable<(string Mark, string[] Commands)> Blocks() => Block().Matches(Page)
        .Select(match => (match.Groups["mark"].Value, match.Groups["code"].Value.Trim().Split('\n')));

    private static async Task<CopiedWorkspace> WithDataAsync()
    {
        var workspace = new CopiedWorkspace();
        var bucket = ObjectUrl.Parse("s3://modelarts-example/");
        await workspace.Store.CreateBucketAsync(bucket.Bucket);
        await workspace.Store.UploadFolderAsync(Workspace.Find().SampleFolder, bucket / "datasets/");
        await workspace.Store.UploadFolderAsync(workspace.NotebookPath("codes"), bucket / "codes/");
        return workspace;
    }

    [GeneratedRegex(@"args: \[(?<words>.*)\]")]
    private static partial Regex Arguments();

    // Represents a block of commands, and the comment above it.
    [GeneratedRegex(@"(?:<!-- (?<mark>[^\n]*) -->\n)?```sh\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
