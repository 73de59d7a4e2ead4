using MLNet.Transformers.Notebooks;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

return args switch
{
    ["run", string notebook, string executed, string version] => await NotebookRun.MainAsync(notebook, executed, version),
    ["write", .. string[] names] => await CommittedOutputs.WriteAsync(names),
    _ when args.Contains("--server") || args.Contains("--internal-msbuild-node") => await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
    _ => await ConsoleRunner.Run(args),
};
