using MnistLab.Studio.Hosting;

return await OpenCommand.Create().Parse(args).InvokeAsync();
