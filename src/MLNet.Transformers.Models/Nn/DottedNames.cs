using System.Reflection;
using TorchSharp.Utils;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace MLNet.Transformers.Models.Nn;

/// <summary>Registers parts under names as checkpoints have them, "cls.predictions.bias": each level before the last is a module that holds the next.</summary>
internal static class DottedNames
{
    public static void Register(this nn.Module module, string name, nn.Module part) => Level(module, name).register_module(Last(name), part);

    public static void Register(this nn.Module module, string name, Parameter part) => Level(module, name).register_parameter(Last(name), part);

    public static void RegisterBuffer(this nn.Module module, string name, Tensor buffer) => Level(module, name).register_buffer(Last(name), buffer);

    /// <summary>Registers the fields that have a <see cref="ComponentNameAttribute"/>, as TorchSharp does, but with dots in their names.</summary>
    public static void RegisterFields(this nn.Module module)
    {
        foreach (FieldInfo field in module.GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic))
        {
            string? name = field.GetCustomAttribute<ComponentNameAttribute>()?.Name;
            switch (field.GetValue(module))
            {
                case nn.Module part when name is not null:
                    module.Register(name, part);
                    break;
                case Tensor buffer when name is not null:
                    module.RegisterBuffer(name, buffer);
                    break;
            }
        }
    }

    private static nn.Module Level(nn.Module module, string name)
    {
        foreach (string level in name.Split('.')[..^1])
        {
            nn.Module? inner = module.named_children().FirstOrDefault(child => child.name == level).module;
            if (inner is null)
            {
                module.register_module(level, inner = new Holder());
            }
            module = inner;
        }
        return module;
    }

    private static string Last(string name) => name[(name.LastIndexOf('.') + 1)..];

    private sealed class Holder() : nn.Module(nameof(Holder));
}
