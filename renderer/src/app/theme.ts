import {
  ActionIcon,
  Button,
  Checkbox,
  createTheme,
  type CSSVariablesResolver,
  Kbd,
  type MantineColorsTuple,
  Menu,
  Modal,
  NativeSelect,
  PasswordInput,
  Popover,
  SegmentedControl,
  Select,
  TextInput,
  Tooltip,
} from '@mantine/core';

/** The one accent: the blue-green of deep water. */
const accent: MantineColorsTuple = [
  '#e9f6f9',
  '#d3e9ee',
  '#a6d3dd',
  '#76bccb',
  '#55a9bc',
  '#2f93a9',
  '#1a7f96',
  '#0b6b80',
  '#075a6c',
  '#034655',
];
const gray: MantineColorsTuple = [
  '#f7f8f9',
  '#f0f2f4',
  '#e4e7ea',
  '#d3d8dd',
  '#b9c0c7',
  '#8d96a0',
  '#5f6a75',
  '#444d57',
  '#2c333b',
  '#191d22',
];
const dark: MantineColorsTuple = [
  '#e2e6ea',
  '#b7bfc7',
  '#98a2ac',
  '#6d7782',
  '#404851',
  '#2e353c',
  '#23292f',
  '#1a1e23',
  '#14181c',
  '#0e1114',
];

const calm = { transitionProps: { duration: 100 } };
const small = { size: 'xs' };

export const theme = createTheme({
  colors: { accent, gray, dark },
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 6 },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace',
  fontSizes: { xs: '13px', sm: '13px', md: '14px', lg: '16px', xl: '18px' },
  lineHeights: { xs: '1.4', sm: '1.4', md: '1.45', lg: '1.4', xl: '1.3' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '2px', sm: '4px', md: '6px', lg: '8px', xl: '12px' },
  defaultRadius: 'sm',
  headings: { fontWeight: '600' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: Button.extend({ defaultProps: { size: 'xs' } }),
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray', size: 28 } }),
    TextInput: TextInput.extend({ defaultProps: small }),
    PasswordInput: PasswordInput.extend({ defaultProps: small }),
    Select: Select.extend({ defaultProps: { ...small, comboboxProps: calm } }),
    NativeSelect: NativeSelect.extend({ defaultProps: small }),
    SegmentedControl: SegmentedControl.extend({ defaultProps: { ...small, transitionDuration: 100 } }),
    Checkbox: Checkbox.extend({ defaultProps: { size: 'xs' } }),
    Kbd: Kbd.extend({ defaultProps: { size: 'xs' } }),
    Menu: Menu.extend({ defaultProps: { ...calm, shadow: 'md' } }),
    Popover: Popover.extend({ defaultProps: { ...calm, shadow: 'md' } }),
    Tooltip: Tooltip.extend({
      defaultProps: {
        ...calm,
        openDelay: 400,
        withArrow: false,
        events: { hover: true, focus: true, touch: false },
      },
    }),
    // Scroll locking would put a style element into the page, which its policy forbids.
    ModalRoot: Modal.Root.extend({ defaultProps: { ...calm, lockScroll: false, yOffset: '10vh' } }),
    Modal: Modal.extend({
      defaultProps: {
        ...calm,
        lockScroll: false,
        centered: false,
        yOffset: '10vh',
        overlayProps: { backgroundOpacity: 0.4 },
        closeButtonProps: { 'aria-label': 'Close' },
      },
    }),
  },
});

/** Mantine's own surfaces, made ours. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-text': '#191d22',
    '--mantine-color-body': '#ffffff',
    '--mantine-color-dimmed': '#59636e',
    '--mantine-color-placeholder': '#6a747e',
    '--mantine-color-default-border': '#cdd3d9',
    '--mantine-color-error': '#b42318',
  },
  dark: {
    '--mantine-color-text': '#e2e6ea',
    '--mantine-color-body': '#1a1e23',
    '--mantine-color-dimmed': '#9ba5af',
    '--mantine-color-placeholder': '#8a949e',
    '--mantine-color-default-border': '#39414a',
    '--mantine-color-accent-light': '#17343c',
    '--mantine-color-accent-light-hover': '#1c404a',
    '--mantine-color-accent-light-color': '#a6d3dd',
    '--mantine-color-error': '#ff9d91',
  },
});
