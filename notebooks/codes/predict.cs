#:project ../../lib/MnistLab.Client

// A client of the online service, as a standalone program:
//   dotnet run notebooks/codes/predict.cs -- http://127.0.0.1:PORT/ digit.png another.jpg …
// If the service requires a token, add --token TOKEN or --app-code CODE.
// The exit code is 0 if there is a prediction for every image.

using MnistLab.Client;

var arguments = args.ToList();
var options = new PredictionClientOptions { Token = Take("--token"), AppCode = Take("--app-code") };
if (arguments.Count < 2
    || !Uri.TryCreate(arguments[0], UriKind.Absolute, out var address)
    || address.Scheme is not ("http" or "https"))
{
    Console.Error.WriteLine(
        "Usage: dotnet run predict.cs -- <the service's address, http://…> "
        + "[--token <token>] [--app-code <code>] <image> …");
    return 2;
}

using var client = new PredictionClient(address, options);
using var cancellation = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    cancellation.Cancel();
};

var failures = 0;
foreach (var image in arguments[1..])
{
    try
    {
        // The client itself retries while the service restarts or is busy.
        var prediction = await client.PredictAsync(image, cancellation.Token);
        Console.WriteLine($"{image}: {prediction}");
    }
    catch (Exception error) when (error is PredictionException or IOException or UnauthorizedAccessException)
    {
        Console.Error.WriteLine($"{image}: {error.Message}");
        failures++;
        // The service is unreachable or rejects the token: the other images would fail, too.
        if (error is PredictionException { StatusCode: null or System.Net.HttpStatusCode.Unauthorized }) break;
    }
    catch (OperationCanceledException)
    {
        Console.Error.WriteLine("Canceled.");
        return 130;
    }
}

return failures == 0 ? 0 : 1;

string? Take(string name)
{
    var place = arguments.IndexOf(name);
    if (place < 0 || place + 1 >= arguments.Count) return null;
    var value = arguments[place + 1];
    arguments.RemoveRange(place, 2);
    return value;
}
