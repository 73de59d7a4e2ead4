using MLNet.Transformers.Models.Losses;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Models.Vectors;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace MLNet.Transformers.Models;

/// <summary>A backbone with a head: the network of one class of the reference, its parameters under the checkpoint's names.</summary>
internal sealed class TaskModel : nn.Module<TokenBatch, HeadOutput>
{
    private readonly Backbone _backbone;
    private readonly Head _head;
    private readonly Lock _making = new();
    private readonly Dictionary<Tensor, WeightMatrix> _packed = new(ReferenceEqualityComparer.Instance);
    private VectorWeights? _vectorWeights;
    private volatile bool _isPacked;

    private TaskModel(ModelConfig config, Architecture architecture, HeadSpec spec, Placement placement)
        : base(nameof(TaskModel))
    {
        (Config, Architecture, Spec) = (config, architecture, spec);
        _backbone = architecture.CreateBackbone(config, spec, placement);
        _head = spec.CreateHead(config, placement);
        Aliases = spec.AliasesOf(config);
        RegisterComponents();
        NamedBuffers = [.. _backbone.named_buffers().Select(item => (Prefixed(spec.Prefix, item.name), item.buffer)), .. _head.named_buffers()];
        NamedParameters = [.. _backbone.named_parameters().Select(item => (Prefixed(spec.Prefix, item.name), item.parameter)), .. _head.named_parameters()];
    }

    /// <summary>What config.json says of the network.</summary>
    public ModelConfig Config { get; }

    /// <summary>What the head computes.</summary>
    public HeadKind Head => Spec.Kind;

    /// <summary>The reference's name of this class.</summary>
    public string ClassName => Spec.ClassName;

    /// <summary>Every parameter once, under the name that the reference's state dict has for it.</summary>
    public IReadOnlyList<(string Name, Parameter Parameter)> NamedParameters { get; }

    /// <summary>Tensors of the state dict that are not trained, as BART's <c>final_logits_bias</c>.</summary>
    public IReadOnlyList<(string Name, Tensor Buffer)> NamedBuffers { get; }

    /// <summary>Names of the state dict that are second names of a parameter, and that parameter's own name (tied weights).</summary>
    public IReadOnlyDictionary<string, string> Aliases { get; }

    /// <summary>Number of trained values, tied ones counted once.</summary>
    public long ParameterCount => NamedParameters.Sum(item => item.Parameter.numel());

    /// <summary>Where the parameters lie.</summary>
    internal Device Device => NamedParameters[0].Parameter.device;

    /// <summary>Type of the activations: float32 or bfloat16. Weights, losses and statistics stay in float32.</summary>
    internal ScalarType ComputeType { get => _backbone.ComputeType; set => _backbone.ComputeType = value; }

    internal Architecture Architecture { get; }

    internal HeadSpec Spec { get; }

    /// <summary>The head's own parameters; none where it is nothing but the token embedding.</summary>
    internal IEnumerable<(string Name, Parameter Parameter)> HeadParameters =>
        NamedParameters.Where(item => Spec.Parts.Any(part => item.Name.StartsWith(part, StringComparison.Ordinal)));

    /// <summary>Parameters whose rows are the labels, in their order; none where the head has no labels.</summary>
    internal IEnumerable<(string Name, Parameter Parameter)> LabelRows =>
        NamedParameters.Where(item => Spec.LabelLayer is { } layer && item.Name.StartsWith($"{layer}.", StringComparison.Ordinal));

    /// <summary>As <see cref="Models.Architecture.MayAdd"/>.</summary>
    internal IReadOnlyList<string> MayAdd => Architecture.MayAdd(Spec);

    internal Backbone Backbone => _backbone;

    /// <summary>Builds the network of a kind of head; the content of its parameters is undefined.</summary>
    internal static TaskModel Create(ModelConfig config, HeadKind head, Placement placement) =>
        Create(config, ArchitectureRegistry.Of(config).Head(head), placement);

    /// <summary>Builds the network of a row of the table; the content of its parameters is undefined.</summary>
    /// <exception cref="CheckpointException">The system does not give that much memory.</exception>
    internal static TaskModel Create(ModelConfig config, HeadSpec head, Placement placement)
    {
        if (placement.Device.type == DeviceType.CPU && !HostMemory.Gives(config.Parameters * sizeof(float)))
        {
            RequireMemory(config, head);
        }
        return new(config, ArchitectureRegistry.Of(config), head, placement);
    }

    /// <summary>The weights for products with one vector; null where the network does not lie on the CPU.</summary>
    internal VectorWeights? VectorWeights
    {
        get
        {
            lock (_making)
            {
                if (_vectorWeights?.Type != ComputeType)
                {
                    _vectorWeights?.Dispose();
                    _vectorWeights = Device.type == DeviceType.CPU ? new VectorWeights(_packed, ComputeType) : null;
                }
                return _vectorWeights;
            }
        }
    }

    /// <summary>Whether parameters are packed, and their tensors hold nothing yet: see <see cref="Unpack"/>.</summary>
    internal bool IsPacked => _isPacked;

    /// <summary>Keeps a matrix as its file packs it, in place of the parameter's values, until they are asked for.</summary>
    internal void Keep(Parameter parameter, WeightMatrix packed)
    {
        _packed[parameter] = packed;
        _isPacked = true;
    }

    /// <summary>
    /// Fills the parameters that are packed: before anything but <see cref="Vectors.VectorDecoder"/> reads them. The packed ones stay beside them.
    /// </summary>
    internal void Unpack()
    {
        lock (_making)
        {
            if (!_isPacked)
            {
                return;
            }
            foreach ((Tensor parameter, WeightMatrix packed) in _packed)
            {
                packed.CopyTo(parameter);
            }
            _isPacked = false;
        }
    }

    /// <summary>Fills the parameters and forgets what is packed: where nothing computes with it.</summary>
    internal void UnpackForGood()
    {
        Unpack();
        ForgetVectors(andPacked: true);
    }

    /// <summary>The head for one vector; null where it has no such form.</summary>
    internal VectorHead? VectorHead(VectorWeights weights) => _head.Vectors(weights, _backbone.TokenEmbedding);

    /// <summary>A change of mode is where weights may have changed; those that are trained are packed no more.</summary>
    public override void train(bool on = true)
    {
        base.train(on);
        if (on)
        {
            UnpackForGood();
        }
        ForgetVectors(andPacked: false);
    }

    /// <summary>From token ids to scores.</summary>
    /// <param name="batch">At least one sequence of at least one token; no longer than <see cref="ModelConfig.MaxTokens"/>.</param>
    /// <returns>Shapes as <see cref="HeadOutput"/> says.</returns>
    public override HeadOutput forward(TokenBatch batch)
    {
        Unpack();
        BackboneOutput states = _backbone.forward(batch);
        return Score(batch.Scored is { } scored ? states with { Tokens = states.Tokens.flatten(0, 1).index_select(0, scored) } : states);
    }

    /// <summary>What the decoder of a sequence-to-sequence network reads to predict labels.</summary>
    /// <param name="labels">Token ids, int64, (batch, tokens); <see cref="LossTerm.Ignored"/> marks those that do not count.</param>
    internal TokenBatch TargetOf(Tensor labels)
    {
        TokenBatch target = TokenBatch.ShiftRight(labels, Config.DecoderStartId!.Value, Config.PaddingId);
        return Spec.HidesTargetPadding ? target with { Mask = target.Ids.ne(Number(Config.PaddingId)) } : target;
    }

    /// <summary>The head alone, over what the backbone computed or a part of its tokens.</summary>
    internal HeadOutput Score(BackboneOutput states) => _head.forward(states, _backbone.TokenEmbedding) with { SourceTokens = states.SourceTokens };

    /// <summary>What a checkpoint of the network holds: parameters and buffers, each once.</summary>
    internal IEnumerable<(string Name, Tensor Tensor)> StoredTensors()
    {
        Unpack();
        return NamedParameters.Select(item => (item.Name, (Tensor)item.Parameter)).Concat(NamedBuffers.Select(item => (item.Name, item.Buffer)));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            ForgetVectors(andPacked: true);
        }
        base.Dispose(disposing);
    }

    private void ForgetVectors(bool andPacked)
    {
        lock (_making)
        {
            _vectorWeights?.Dispose();
            _vectorWeights = null;
            if (!andPacked)
            {
                return;
            }
            foreach (WeightMatrix packed in _packed.Values)
            {
                packed.Dispose();
            }
            _packed.Clear();
        }
    }

    // What the config tells is about right; a class that leaves a part of the network away has fewer.
    private static void RequireMemory(ModelConfig config, HeadSpec head)
    {
        using var counted = new TaskModel(config, ArchitectureRegistry.Of(config), head, Placement.Meta);
        if (!HostMemory.Gives((double)counted.ParameterCount * sizeof(float)))
        {
            throw new CheckpointException(
                $"{head.ClassName} would have {counted.ParameterCount:N0} parameters, {counted.ParameterCount * sizeof(float) / 1e9:N0} GB in float32, which the system does not give. "
                + $"The sizes in its config: {config.Sizes()}.");
        }
    }

    private static string Prefixed(string prefix, string name) => prefix.Length == 0 ? name : $"{prefix}.{name}";
}
