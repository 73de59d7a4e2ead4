using System.Diagnostics;
using Microsoft.ML;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tests.Runtime;
using MLNet.Transformers.Tests.Training;

namespace MLNet.Transformers.Tests.Pretraining;

/// <summary>A process that pretrains is killed without a warning, and begun again.</summary>
public class KilledPretrainingTests
{
    private const string Folder = "MLNET_TRANSFORMERS_TESTS_PRETRAINING";
    private const int Kills = 10;
    private const int StepsBetweenKills = 5;
    private const string Weights = "model.safetensors";

    [Fact]
    public async Task Killed_ten_times_in_the_middle_of_an_epoch_it_comes_to_the_same_weights()
    {
        using var folder = new TemporaryFolder();
        string straight = Directory.CreateDirectory(folder.File("straight")).FullName, killed = Directory.CreateDirectory(folder.File("killed")).FullName;
        await ChildProcess.RunAsync(ChildProcess.ThisProgram, typeof(KilledPretrainingTests), nameof(Pretrain), expectFailure: false, Alone(straight));

        for (int kill = 1; kill <= Kills; kill++)
        {
            using Process process = ChildProcess.Start(ChildProcess.ThisProgram, typeof(KilledPretrainingTests), nameof(Pretrain), Alone(killed));
            Task<string> said = ChildProcess.EndAsync(process);
            while (LastStep(killed) < kill * StepsBetweenKills && !process.HasExited)
            {
                await Task.Delay(5, TestContext.Current.CancellationToken);
            }
            process.Kill();
            string output = await said;
            Assert.False(File.Exists(Path.Combine(killed, Weights)), $"It came to its end before kill {kill}: {output}");
        }
        int last = LastStep(killed);
        await ChildProcess.RunAsync(ChildProcess.ThisProgram, typeof(KilledPretrainingTests), nameof(Pretrain), expectFailure: false, Alone(killed));

        Assert.InRange(last, Kills * StepsBetweenKills, Steps - 1);
        Assert.Equal(File.ReadAllBytes(Path.Combine(straight, Weights)), File.ReadAllBytes(Path.Combine(killed, Weights)));
        Assert.Equal(0, LastStep(killed));
    }

    private const int Steps = 90;

    // The child's part. An epoch has ten steps, and a state is written after each third, so that a kill loses one or two.
    [Fact(Explicit = true)]
    public void Pretrain()
    {
        string folder = Environment.GetEnvironmentVariable(Folder)!;
        var ml = new MLContext(1);
        var options = new PretrainingOptions
        {
            MaxSteps = Steps, BatchSize = 1, MaxTokens = 12, LearningRate = 1e-2, StateFolder = Path.Combine(folder, "state"), StateEverySteps = 3, TokensPerFile = 30,
            Progress = new Watcher(_ => Thread.Sleep(10)),
        };
        using PretrainingTransformer model = ml.Transformers().Pretraining(PlainTexts.Small("bart"), new DenoisingObjective(), options).Fit(PlainTexts.Reviews(ml));
        model.SaveCheckpoint(folder);
    }

    // One thread for the small networks, so that other tests do not hold the child up.
    private static (string, string)[] Alone(string folder) => [(Folder, folder), ("OMP_NUM_THREADS", "1")];

    // The step of the last state that is whole; 0 where there is none.
    private static int LastStep(string folder)
    {
        string state = Path.Combine(folder, "state");
        try
        {
            return !Directory.Exists(state) ? 0 : Directory.GetDirectories(state, "step-*", SearchOption.AllDirectories)
                .Select(path => Path.GetFileName(path)["step-".Length..]).Where(name => name.All(char.IsAsciiDigit)).Select(int.Parse).Append(0).Max();
        }
        catch (DirectoryNotFoundException)
        {
            // It was replaced while it was looked into.
            return 0;
        }
    }
}
