using FreshProcess;
using Microsoft.ML;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tests.Models;

namespace MLNet.Transformers.Tests.Contracts;

/// <summary>Every task with every architecture that has its head: the twenty cells and their variants.</summary>
public class TaskContractTests(ContractNetworks networks) : IClassFixture<ContractNetworks>
{
    public static TheoryData<string, string> Cells => ContractNetworks.Cells;

    public static TheoryData<string, string> BadInput
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach ((string name, TaskContract task) in ContractNetworks.Tasks)
            {
                foreach (string input in task.BadInput.Keys)
                {
                    cases.Add(name, input);
                }
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Eight_examples_are_learnt_by_heart(string task, string network)
    {
        (IDataView rows, ITransformer model) = networks.Trained(task, network);

        Assert.Equal(1, ContractNetworks.Tasks[task].Judge(new MLContext(1), model.Transform(rows)), 1e-9);
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Another_process_predicts_the_same(string task, string network)
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(1);
        (IDataView rows, ITransformer model) = networks.Trained(task, network);
        using (FileStream data = File.Create(folder.File("rows.idv")))
        {
            ml.Data.SaveAsBinary(rows, data);
        }
        ml.Transformers().SaveModel(model, rows.Schema, folder.File("model.zip"));

        Assert.Equal(Lines(task, model, rows), FreshProcessTests.Run(["--rows", folder.File("rows.idv"), folder.File("model.zip"), .. ContractNetworks.Tasks[task].Outputs]));
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void An_engine_predicts_the_same(string task, string network)
    {
        (IDataView rows, ITransformer model) = networks.Trained(task, network);

        Same(Lines(task, model, rows), ContractNetworks.Tasks[task].Engine(new MLContext(1), model));
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Its_checkpoint_predicts_the_same_in_any_batches(string task, string network)
    {
        using var folder = new TemporaryFolder();
        (IDataView rows, ITransformer model) = networks.Trained(task, network);
        ContractNetworks.Tasks[task].SaveCheckpoint(model, folder.File("checkpoint"));

        foreach (int batchSize in (int[])[1, 3, 8])
        {
            ITransformer applied = ContractNetworks.Tasks[task].Apply(new MLContext(1), folder.File("checkpoint"), options => options.BatchSize = batchSize).Fit(rows);
            Same(Lines(task, model, rows), Lines(task, applied, rows));
            (applied as IDisposable)?.Dispose();
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Threads_predict_the_same(string task, string network)
    {
        (IDataView rows, ITransformer model) = networks.Trained(task, network);
        string[] alone = Lines(task, model, rows);

        Parallel.For(0, 4, _ => Same(alone, Lines(task, model, rows)));
    }

    [Theory]
    [MemberData(nameof(BadInput))]
    public void Bad_input_is_named(string task, string input)
    {
        TaskContract contract = ContractNetworks.Tasks[task];
        (Func<MLContext, IDataView> rows, string[] words) = contract.BadInput[input];
        var ml = new MLContext(1);

        Exception error = Assert.ThrowsAny<Exception>(() => contract.Trainer(ml, contract.Fresh(SmallConfigs.Rows.Keys.First(network => ContractNetworks.Has(network, contract))), options => options.Epochs = 1).Fit(rows(ml)));
        Assert.All(words, word => Assert.Contains(word, error.Message));
    }

    private static string[] Lines(string task, ITransformer model, IDataView rows) => RowText.Lines(model.Transform(rows), [.. ContractNetworks.Tasks[task].Outputs]);

    // Numbers to four digits: sums in other batches are added up in another order.
    private static void Same(string[] expected, string[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        foreach ((string first, string second) in expected.Zip(actual))
        {
            Assert.Equal(Parts(first).Length, Parts(second).Length);
            foreach ((string one, string other) in Parts(first).Zip(Parts(second)))
            {
                if (float.TryParse(one, out float number) && float.TryParse(other, out float near))
                {
                    Assert.Equal(number, near, 1e-4);
                }
                else
                {
                    Assert.Equal(one, other);
                }
            }
        }

        static string[] Parts(string line) => line.Split('\t', ' ', '=', '[', ']');
    }
}
