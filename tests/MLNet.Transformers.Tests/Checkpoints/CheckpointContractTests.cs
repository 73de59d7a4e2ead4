using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Bart;
using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Checkpoints.Safetensors;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Models.T5;
using MLNet.Transformers.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Checkpoints;

/// <summary>What the checkpoints of every network keep, whatever its architecture and head.</summary>
public sealed class CheckpointContractTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope;

    public CheckpointContractTests()
    {
        NativeBackend.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    public static TheoryData<string, HeadKind> All => [.. Networks.All];

    public static TheoryData<string, HeadKind> WithBackbone =>
        [.. Networks.All.Where(item => ArchitectureRegistry.Of(Networks.Config(item.Row)).Heads.Any(head => head.Kind == HeadKind.None))];

    public static TheoryData<string, HeadKind, HeadKind> Pairs =>
    [
        .. from item in Networks.All
           from other in Networks.All
           where other.Row == item.Row && other.Head != item.Head
           select (item.Row, item.Head, other.Head),
    ];

    private string File => _folder.File(CheckpointFolder.WeightsFile);

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_head_reads_what_it_wrote(string row, HeadKind head)
    {
        TaskModel written = Networks.Create(row, head);
        SafetensorsWriter.Write(File, written.StoredTensors());
        TokenBatch batch = new Samples(written).All();

        (TaskModel model, LoadReport report) = Load(Read(row, written), head);

        Assert.Empty(report.Added);
        Assert.Empty(report.Ignored);
        Assert.Equal(Names(written), Names(model));
        Dictionary<string, Tensor> weights = written.StoredTensors().ToDictionary(item => item.Name, item => item.Tensor);
        Assert.All(model.StoredTensors(), item => Assert.True(item.Tensor.equal(weights[item.Name]).all().item<bool>(), item.Name));
        Assert.Equal(Networks.Values(Networks.Forward(written, batch).Logits), Networks.Values(Networks.Forward(model, batch).Logits));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Second_names_of_a_parameter_are_left_aside_or_read(string row, HeadKind head)
    {
        TaskModel written = Networks.Create(row, head);
        Dictionary<string, Tensor> weights = written.StoredTensors().ToDictionary(item => item.Name, item => item.Tensor);
        IEnumerable<(string, Tensor)> copies = written.Aliases.Select(alias => (alias.Key, weights[alias.Value]));
        SafetensorsWriter.Write(File, [.. written.StoredTensors(), .. copies]);
        Assert.Equal(written.Aliases.Keys.Order(), Load(written.Config, head).Report.Ignored.Order());

        foreach ((string alias, string name) in written.Aliases)
        {
            SafetensorsWriter.Write(File, [.. written.StoredTensors().Where(item => item.Name != name), (alias, weights[name])]);
            (TaskModel model, LoadReport report) = Load(written.Config, head);

            Assert.Empty(report.Ignored);
            Assert.Equal(Names(written), Names(model));
            Assert.True(model.NamedParameters.Single(item => item.Name == name).Parameter.equal(weights[name]).all().item<bool>(), alias);
        }
    }

    [Theory]
    [MemberData(nameof(WithBackbone))]
    public void A_head_is_added_to_the_checkpoint_of_the_backbone(string row, HeadKind head)
    {
        TaskModel backbone = Networks.Create(row, HeadKind.None);
        SafetensorsWriter.Write(File, backbone.StoredTensors());

        Architecture architecture = ArchitectureRegistry.Of(backbone.Config);
        (TaskModel model, LoadReport report) = Load(backbone.Config, head, architecture.MayAdd(architecture.Head(head)));

        Assert.All(report.Added, name => Assert.Contains(model.MayAdd, beginning => name.StartsWith(beginning, StringComparison.Ordinal)));
        IReadOnlyList<string> ignored = architecture.Ignored(model.Spec);
        Assert.All(report.Ignored, name => Assert.Contains(ignored, beginning => Ending(beginning).StartsWith(Root(name), StringComparison.Ordinal)));
        // Where a head is nothing but the token embedding there is nothing to add.
        HashSet<string> shared = [.. Names(backbone).Select(name => model.Spec.Prefix.Length == 0 ? name : $"{model.Spec.Prefix}.{name}")];
        Assert.True(model.MayAdd.Count > 0 || Names(model).All(shared.Contains));
        Assert.True(model.MayAdd.Count == 0 || head is not (HeadKind.None or HeadKind.Encoder));

        string Ending(string beginning) => model.Spec.Prefix.Length > 0 && beginning.StartsWith(model.Spec.Prefix + ".", StringComparison.Ordinal) ? beginning[(model.Spec.Prefix.Length + 1)..] : beginning;

        static string Root(string name) => name.Split('.')[0];
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Every_head_reads_what_it_has_in_common_with_another(string row, HeadKind other, HeadKind head)
    {
        TaskModel written = Networks.Create(row, other);
        SafetensorsWriter.Write(File, written.StoredTensors());

        (TaskModel model, LoadReport report) = Load(written.Config, head, mayAdd: [""]);

        string[] stored = [.. Names(written).Select(name => Bare(name, written))];
        Assert.Empty(report.Added.Select(name => Bare(name, model)).Intersect(stored));
        Assert.Empty(report.Ignored.Select(name => Bare(name, written)).Intersect(Names(model).Select(name => Bare(name, model))));

        static string Bare(string name, TaskModel model) =>
            model.Spec.Prefix.Length > 0 && name.StartsWith(model.Spec.Prefix + ".", StringComparison.Ordinal) ? name[(model.Spec.Prefix.Length + 1)..] : name;
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Names_are_unique(string row, HeadKind head)
    {
        using TaskModel model = TaskModel.Create(Networks.Config(row), head, Placement.Meta);
        string[] names = [.. Names(model), .. model.Aliases.Keys];

        Assert.Equal(names.Distinct().Count(), names.Length);
        Assert.All(model.Aliases.Values, name => Assert.Contains(name, names));
        Assert.All(model.LabelRows, item => Assert.Equal(4, item.Parameter.shape[0]));
        Assert.Equal(head is HeadKind.SequenceClassification or HeadKind.TokenClassification, model.LabelRows.Any());
    }

    private static ModelConfig Read(string row, TaskModel written) =>
        ModelConfig.Parse(System.Text.Encoding.UTF8.GetBytes(written.Config.ToJson(written.ClassName)), row);

    private static IEnumerable<string> Names(TaskModel model) => model.StoredTensors().Select(item => item.Name);

    private (TaskModel Model, LoadReport Report) Load(ModelConfig config, HeadKind head, IReadOnlyList<string>? mayAdd = null)
    {
        using SafetensorsFile source = SafetensorsFile.Open(File);
        TaskModel model = TaskModel.Create(config.CompletedBy(source), head, Placement.Cpu);
        LoadReport report = CheckpointLoader.Load(model, source, mayAdd ?? [], [], seed: 1);
        model.eval();
        return (model, report);
    }
}
