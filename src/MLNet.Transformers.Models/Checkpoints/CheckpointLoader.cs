using System.Text;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace MLNet.Transformers.Models.Checkpoints;

/// <summary>Fills a network's parameters from a checkpoint, strictly: whatever neither fits nor is listed by the head as optional is one error with the whole list.</summary>
internal static class CheckpointLoader
{
    /// <param name="model">The network; its parameters lie where they are to stay.</param>
    /// <param name="source">The checkpoint's tensors.</param>
    /// <param name="mayAdd">
    /// Beginnings of names, second names included, that are initialised where the checkpoint lacks them; empty: nothing may be added.
    /// </param>
    /// <param name="replace">Beginnings of names that are initialised whatever the checkpoint holds.</param>
    /// <param name="seed">Seed of what is initialised.</param>
    /// <exception cref="CheckpointException">Tensors are missing, unexpected, of another shape, or hold NaN or infinity.</exception>
    public static LoadReport Load(
        TaskModel model, ITensorSource source, IReadOnlyList<string> mayAdd, IReadOnlyList<string> replace, int seed)
    {
        Plan plan = Match(model, source, mayAdd, replace);
        plan.ThrowIfFaulty(source.Path, model.ClassName);
        using (no_grad())
        {
            foreach ((string stored, Tensor target) in plan.Copies)
            {
                source.CopyTo(stored, target);
                if (!TensorChecks.IsFinite(target))
                {
                    throw new CheckpointException($"The tensor '{stored}' of '{source.Path}' holds NaN or infinity; the checkpoint is damaged or diverged in training.");
                }
            }
            foreach ((string name, Parameter parameter) in plan.Fresh)
            {
                WeightInitializer.Initialize(name, parameter, model.Architecture.Fresh(name, model.Config), seed);
            }
        }
        return new LoadReport([.. plan.Fresh.Select(item => item.Name)], plan.Ignored);
    }

    private static Plan Match(TaskModel model, ITensorSource source, IReadOnlyList<string> mayAdd, IReadOnlyList<string> replace)
    {
        var plan = new Plan();
        Dictionary<string, string> stored = StoredNames(model, source, plan);
        ILookup<string, string> aliasesOf = model.Aliases.ToLookup(alias => alias.Value, alias => alias.Key);
        var used = new HashSet<string>();
        foreach ((string name, Parameter parameter) in model.NamedParameters)
        {
            string? found = aliasesOf[name].Prepend(name).Concat(model.Architecture.FallbackNames(name)).FirstOrDefault(stored.ContainsKey);
            if (StartsWithAny(name, replace))
            {
                used.UnionWith(found is null ? [] : [found]);
                plan.Fresh.Add((name, parameter));
            }
            else if (found is not null)
            {
                used.Add(found);
                plan.Take(stored[found], parameter, source);
            }
            else if (aliasesOf[name].Prepend(name).Any(known => StartsWithAny(known, mayAdd)) || StartsWithAny(name, model.Spec.Unused))
            {
                plan.Fresh.Add((name, parameter));
            }
            else
            {
                plan.Missing.Add(name);
            }
        }
        foreach ((string name, Tensor buffer) in model.NamedBuffers.Where(item => stored.ContainsKey(item.Name)))
        {
            used.Add(name);
            plan.Take(stored[name], buffer, source);
        }
        foreach ((string name, string original) in stored.Where(item => !used.Contains(item.Key)))
        {
            bool ignored = model.Architecture.Names.IsIgnored(name) || model.Aliases.ContainsKey(name) || StartsWithAny(name, model.Ignored);
            (ignored ? plan.Ignored : plan.Unexpected).Add(original);
        }
        return plan;
    }

    // The names of the checkpoint as the network would say them -> as they are stored.
    private static Dictionary<string, string> StoredNames(TaskModel model, ITensorSource source, Plan plan)
    {
        string wanted = WithDot(model.Spec.Prefix);
        string? prefix = model.Architecture.Heads.Select(head => head.Prefix).Prepend(model.Architecture.BasePrefix).Where(name => name.Length > 0)
            .Distinct().Select(WithDot).FirstOrDefault(known => source.Names.Any(name => name.StartsWith(known, StringComparison.Ordinal)));
        var roots = model.NamedParameters.Select(item => item.Name).Concat(model.NamedBuffers.Select(item => item.Name))
            .Where(name => name.StartsWith(wanted, StringComparison.Ordinal)).Select(name => name[wanted.Length..].Split('.')[0]).ToHashSet();
        var names = new Dictionary<string, string>();
        foreach (string original in source.Names)
        {
            string name = model.Architecture.Names.Modernize(original);
            if (prefix is null)
            {
                name = roots.Contains(name.Split('.')[0]) || StartsWithAny(wanted + name, model.Ignored) || model.Architecture.Names.IsIgnored(wanted + name)
                    ? wanted + name
                    : name;
            }
            else if (prefix != wanted && name.StartsWith(prefix, StringComparison.Ordinal))
            {
                name = wanted + name[prefix.Length..];
            }
            if (!names.TryAdd(name, original))
            {
                plan.Twice.Add($"{original} and {names[name]}");
            }
        }
        return names;

        static string WithDot(string prefix) => prefix.Length == 0 ? "" : prefix + ".";
    }

    private static bool StartsWithAny(string name, IReadOnlyList<string> beginnings) =>
        beginnings.Any(beginning => name.StartsWith(beginning, StringComparison.Ordinal));

    private sealed class Plan
    {
        public List<(string Stored, Tensor Target)> Copies { get; } = [];

        public List<(string Name, Parameter Parameter)> Fresh { get; } = [];

        public List<string> Ignored { get; } = [];

        public List<string> Missing { get; } = [];

        public List<string> Unexpected { get; } = [];

        public List<string> Twice { get; } = [];

        private List<string> Misshaped { get; } = [];

        public void Take(string stored, Tensor target, ITensorSource source)
        {
            TensorEntry entry = source[stored];
            if (entry.Shape.AsSpan().SequenceEqual(target.shape))
            {
                Copies.Add((stored, target));
            }
            else
            {
                Misshaped.Add($"{stored} is [{string.Join(", ", entry.Shape)}], expected [{string.Join(", ", target.shape)}]");
            }
        }

        public void ThrowIfFaulty(string path, string className)
        {
            var message = new StringBuilder();
            Describe("missing", Missing);
            Describe("not expected", Unexpected);
            Describe("of another shape than config.json says", Misshaped);
            Describe("the same tensor twice", Twice);
            if (message.Length > 0)
            {
                throw new CheckpointException($"'{path}' does not fit {className}:{message}");
            }

            void Describe(string fault, List<string> names)
            {
                if (names.Count > 0)
                {
                    message.Append('\n').Append(fault).Append(" (").Append(names.Count).Append("): ").AppendJoin("; ", names);
                }
            }
        }
    }
}
