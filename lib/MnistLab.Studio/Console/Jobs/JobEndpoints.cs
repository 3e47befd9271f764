using MnistLab.Training.Jobs;

namespace MnistLab.Studio.Console.Jobs;

/// <summary>Maps the download endpoints of the training-job screens.</summary>
internal static class JobEndpoints
{
    /// <summary>Maps <c>GET /console/jobs/{name}/{version}/log</c>: the log of a worker as a file.</summary>
    public static void MapJobs(this IEndpointRouteBuilder routes) => routes.MapGet(
        "/console/jobs/{name}/{version}/log",
        (string name, string version, int? worker, ConsoleLab console) =>
        {
            try
            {
                var job = console.Open().Jobs.Find(name, version);
                var file = job.LogFileOf(worker ?? 0);
                return File.Exists(file)
                    ? Results.Stream(
                        new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete),
                        "text/plain; charset=utf-8",
                        $"{job.Spec.JobName}-{job.Version}-{Path.GetFileName(file)}")
                    : Results.NotFound();
            }
            catch (Exception error) when (error is TrainingJobException or ArgumentOutOfRangeException)
            {
                return Results.NotFound();
            }
        });
}
